//! The arguments of `rtws check`.

/// Build and run exercises, and say what passed
///
/// Each exercise runs against its scenarios, and a failing one says why. What passes is recorded, as in
/// `rtws learn`. The exit code is 0 if everything passed and 1 if not.
#[derive(Debug, Clone, Default, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[command(after_help = "Examples:
  rtws check                     the exercise that you are at
  rtws check join-project        this one
  rtws check --all --json        all of them, for a program to read
  rtws check --watch             the one that you are at, again at every save
  rtws check --deep board        and then thousands of scripts that nobody wrote")]
pub struct Args {
    /// The exercises to check; without any, the one that you are at
    #[arg(value_name = "EXERCISE", conflicts_with = "all")]
    pub(super) exercises: Vec<String>,
    /// Check every exercise of the course
    #[arg(long)]
    pub(super) all: bool,
    /// Check the solutions in place of your code; your progress stays as it is
    #[arg(long)]
    pub(super) solutions: bool,
    /// Then play generated scripts against the solution, 2000 or as many as you say, and show one that fails, made short
    #[arg(
        long,
        value_name = "SCRIPTS",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "2000",
        value_parser = clap::value_parser!(u64).range(1..=1_000_000),
        conflicts_with_all = ["watch", "json"]
    )]
    pub(super) deep: Option<u64>,
    /// The seed of the first of these scripts; without it another one each time
    #[arg(long, requires = "deep", value_parser = clap::value_parser!(u64).range(..=u64::from(u32::MAX)))]
    pub(super) seed: Option<u64>,
    /// Write the script that fails into this new file, in the form of a scenario
    #[arg(long, value_name = "FILE", requires = "deep")]
    pub(super) save: Option<std::path::PathBuf>,
    /// Check again at every save, until Ctrl-C
    #[arg(long, conflicts_with = "solutions")]
    pub(super) watch: bool,
    /// Print one JSON document; with --watch one a line
    #[arg(long)]
    pub(super) json: bool,
}
