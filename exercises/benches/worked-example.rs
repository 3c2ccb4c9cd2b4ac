#[path = "../src/worked-example.rs"]
mod exercise;

#[test]
fn app_is_there() {
    let _: fn(&rooms::Io) = exercise::app;
}
