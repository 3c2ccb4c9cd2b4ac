//! Times and durations in words.

use time::OffsetDateTime;

/// A time in unix seconds as date and time of day. It is UTC, as nothing here knows where the learner is.
pub(super) fn moment(at: u64) -> String {
    let known = i64::try_from(at).ok().and_then(|at| OffsetDateTime::from_unix_timestamp(at).ok());
    // A state that somebody edited may name the year 10,000.
    let Some(time) = known else { return "at no time".to_owned() };
    let (date, month) = (time.date(), u8::from(time.month()));
    format!("{}-{month:02}-{:02} {:02}:{:02}", date.year(), date.day(), time.hour(), time.minute())
}

/// A duration, rounded down to whole minutes; below one minute in seconds.
pub(super) fn duration(seconds: u64) -> String {
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

    /// As `date -u -d @SECONDS` says them.
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
            assert_eq!(moment(at), shown);
        }
        assert_eq!(moment(u64::MAX), "at no time");
    }

    #[test]
    fn a_duration_is_never_more_than_it_was() {
        for (seconds, shown) in [(0, "0 s"), (59, "59 s"), (119, "1 min"), (3_600, "1 h 00 min"), (7_799, "2 h 09 min")]
        {
            assert_eq!(duration(seconds), shown);
        }
    }
}
