mod lines;
mod output;
mod process;
