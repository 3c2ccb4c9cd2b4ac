//! Times and durations in words.

const DAY: u64 = 24 * 60 * 60;

/// A time in unix seconds as date and time of day. It is UTC, as nothing here knows where the learner is.
pub(super) fn moment(at: u64) -> String {
    let (year, month, day) = date(at / DAY);
    let minutes = at % DAY / 60;
    format!("{year}-{month:02}-{day:02} {:02}:{:02}", minutes / 60, minutes % 60)
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

/// The date so many days after the first of January 1970.
fn date(mut days: u64) -> (u64, u64, u64) {
    let mut year = 1970;
    while days >= days_of_year(year) {
        days -= days_of_year(year);
        year += 1;
    }
    let mut month = 1;
    while days >= days_of_month(year, month) {
        days -= days_of_month(year, month);
        month += 1;
    }
    (year, month, days + 1)
}

fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_of_year(year: u64) -> u64 {
    if is_leap(year) { 366 } else { 365 }
}

fn days_of_month(year: u64, month: u64) -> u64 {
    match month {
        2 => 28 + u64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
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
    }

    #[test]
    fn a_duration_is_never_more_than_it_was() {
        for (seconds, shown) in [(0, "0 s"), (59, "59 s"), (119, "1 min"), (3_600, "1 h 00 min"), (7_799, "2 h 09 min")]
        {
            assert_eq!(duration(seconds), shown);
        }
    }
}
