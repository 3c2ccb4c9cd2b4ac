//! The bytes that a terminal sends for a key.

/// The bytes of the key called `name`: a character, `enter`, `f5`, or one of them after `ctrl-`, `alt-` or `shift-`.
pub(crate) fn bytes(name: &str) -> Option<Vec<u8>> {
    if let Some(key) = name.strip_prefix("ctrl-") {
        return control(key);
    }
    if let Some(key) = name.strip_prefix("alt-") {
        return Some([b"\x1b".to_vec(), bytes(key)?].concat());
    }
    if let Some(key) = name.strip_prefix("shift-") {
        return shifted(key, 2);
    }
    named(name).map(|bytes| bytes.as_bytes().to_vec()).or_else(|| character(name))
}

fn character(name: &str) -> Option<Vec<u8>> {
    let mut chars = name.chars();
    chars.next()?;
    chars.next().is_none().then(|| name.as_bytes().to_vec())
}

fn control(key: &str) -> Option<Vec<u8>> {
    match key.as_bytes() {
        [letter @ b'a'..=b'z'] => Some(vec![letter & 0x1f]),
        b"\\" => Some(vec![0x1c]),
        _ if key == "space" => Some(vec![0]),
        _ => shifted(key, 5),
    }
}

/// Keys that carry their modifiers as a number: 2 is Shift, 5 is Control.
fn shifted(key: &str, modifiers: u8) -> Option<Vec<u8>> {
    let last = match key {
        "tab" if modifiers == 2 => return Some(b"\x1b[Z".to_vec()),
        "up" => 'A',
        "down" => 'B',
        "right" => 'C',
        "left" => 'D',
        "home" => 'H',
        "end" => 'F',
        _ => return None,
    };
    Some(format!("\x1b[1;{modifiers}{last}").into_bytes())
}

fn named(name: &str) -> Option<&'static str> {
    Some(match name {
        "enter" => "\r",
        "esc" => "\x1b",
        "tab" => "\t",
        "backtab" => "\x1b[Z",
        "backspace" => "\x7f",
        "space" => " ",
        "up" => "\x1b[A",
        "down" => "\x1b[B",
        "right" => "\x1b[C",
        "left" => "\x1b[D",
        "home" => "\x1b[H",
        "end" => "\x1b[F",
        "insert" => "\x1b[2~",
        "delete" => "\x1b[3~",
        "pageup" => "\x1b[5~",
        "pagedown" => "\x1b[6~",
        "f1" => "\x1bOP",
        "f2" => "\x1bOQ",
        "f3" => "\x1bOR",
        "f4" => "\x1bOS",
        "f5" => "\x1b[15~",
        "f6" => "\x1b[17~",
        "f7" => "\x1b[18~",
        "f8" => "\x1b[19~",
        "f9" => "\x1b[20~",
        "f10" => "\x1b[21~",
        "f11" => "\x1b[23~",
        "f12" => "\x1b[24~",
        _ => return None,
    })
}
