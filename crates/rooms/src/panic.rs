//! Panics in the application's code.

/// A handler panicked. The record is written; the connection has to end.
#[derive(Debug)]
pub(crate) struct HandlerPanicked;

/// The message of a panic.
pub(crate) fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without a message".to_owned())
}
