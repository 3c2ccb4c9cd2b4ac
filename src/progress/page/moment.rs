//! Times and durations in words.

use time::{OffsetDateTime, UtcOffset};

/// A time in unix seconds as date and time of day, where clocks are this far from UTC.
pub(in crate::progress) fn moment(at: u64, offset: UtcOffset) -> String {
    let known = i64::try_from(at).ok().and_then(|at| OffsetDateTime::from_unix_timestamp(at).ok());
    let known = known.and_then(|time| time.checked_to_offset(offset));
    // An edited state may contain the year 10,000.
    let Some(time) = known else { return "at no time".to_owned() };
    let (date, month) = (time.date(), u8::from(time.month()));
    format!("{}-{month:02}-{:02} {:02}:{:02}", date.year(), date.day(), time.hour(), time.minute())
}

/// How far clocks are from UTC.
pub(in crate::progress) fn zone(offset: UtcOffset) -> String {
    if offset.is_utc() {
        return "UTC".to_owned();
    }
    let sign = if offset.is_negative() { '-' } else { '+' };
    let (hours, minutes, _) = offset.as_hms();
    format!("UTC{sign}{:02}:{:02}", hours.abs(), minutes.abs())
}

/// A duration, rounded down to whole minutes; below one minute in seconds.
pub(in crate::progress) fn duration(seconds: u64) -> String {
    let minutes = seconds / 60;
    match (minutes / 60, minutes % 60) {
        (0, 0) => format!("{seconds} s"),
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes:02} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expected values are those of `date -u -d @SECONDS`.
    #[test]
    fn dates_are_right_around_leap_days_and_new_year() {
        for (at, shown) in [
            (0, "1970-01-01 00:00"),
            (951_782_400, "2000-02-29 00:00"),
            (1_700_000_000, "2023-11-14 22:13"),
            (1_709_251_199, "2024-02-29 23:59"),
            (1_735_689_599, "2024-12-31 23:59"),
            (4_107_542_400, "2100-03-01 00:00"),
        ] {
            assert_eq!(moment(at, UtcOffset::UTC), shown);
        }
    }

    #[test]
    fn a_moment_is_shown_in_the_time_zone_of_the_clock() {
        for (hours, minutes, shown, moment_there) in [
            (0, 0, "UTC", "2024-02-29 23:59"),
            (2, 0, "UTC+02:00", "2024-03-01 01:59"),
            (5, 45, "UTC+05:45", "2024-03-01 05:44"),
            (0, -30, "UTC-00:30", "2024-02-29 23:29"),
            (-9, -30, "UTC-09:30", "2024-02-29 14:29"),
        ] {
            let offset = UtcOffset::from_hms(hours, minutes, 0).unwrap();
            assert_eq!((zone(offset).as_str(), moment(1_709_251_199, offset).as_str()), (shown, moment_there));
        }
    }

    #[test]
    fn a_time_that_no_calendar_has_is_none() {
        let last_second_of_9999 = 253_402_300_799;
        let an_hour_on = UtcOffset::from_hms(1, 0, 0).unwrap();
        assert_eq!(moment(last_second_of_9999, UtcOffset::UTC), "9999-12-31 23:59");
        for (at, offset) in [(last_second_of_9999, an_hour_on), (u64::MAX, UtcOffset::UTC)] {
            assert_eq!(moment(at, offset), "at no time");
        }
    }

    #[test]
    fn a_duration_is_never_more_than_it_was() {
        for (seconds, shown) in [(0, "0 s"), (59, "59 s"), (119, "1 min"), (3_600, "1 h 00 min"), (7_799, "2 h 09 min")]
        {
            assert_eq!(duration(seconds), shown);
        }
    }
}
