//! How things look: one name for each meaning, and no meaning is told by colour alone.
//!
//! Nothing here knows whether the terminal is dark or light. So there is no background anywhere, plain text has the
//! terminal's own colour, and the colours in between are legible on both (a test measures that).

use ratatui::style::{Color, Modifier, Style};

use crate::colour::Depth;

/// Marks that tell a state to those who do not see its colour.
pub mod mark {
    /// Passed, right, done.
    pub const GOOD: &str = "✓";
    /// Failed, wrong.
    pub const BAD: &str = "✗";
    /// Worth a look.
    pub const WARNING: &str = "!";
    /// A client that sends too much.
    pub const NOISY: &str = "▲";
    /// Where the learner is.
    pub const CURRENT: &str = "▸";
}

/// The styles of everything on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// A panel's or a step's title; the first heading of a text.
    pub title: Style,
    /// Headings below the first.
    pub heading: Style,
    /// Text that is not needed to go on.
    pub muted: Style,
    /// Text that the eye should find.
    pub accent: Style,
    /// Emphasis in a text.
    pub emphasis: Style,
    /// Strong emphasis in a text.
    pub strong: Style,
    /// Passed, right; goes with [`mark::GOOD`].
    pub good: Style,
    /// Failed; goes with [`mark::BAD`].
    pub bad: Style,
    /// Worth a look; goes with [`mark::WARNING`].
    pub warning: Style,
    /// A client that sends too much; goes with [`mark::NOISY`].
    pub noisy: Style,
    /// Characters that the learner has typed.
    pub typed: Style,
    /// A character typed wrongly.
    pub wrong: Style,
    /// The character to type next.
    pub cursor: Style,
    /// Characters still to type.
    pub pending: Style,
    /// The chosen line of a list.
    pub selected: Style,
    /// A key to press.
    pub key: Style,
    /// A panel's border.
    pub border: Style,
    /// The border of the panel that gets the keys.
    pub border_focused: Style,
    /// Code in a text.
    pub code: Style,
    /// A link's text.
    pub link: Style,
}

impl Theme {
    /// The theme in this many colours.
    pub fn new(depth: Depth) -> Self {
        let palette = Palette::new(depth);
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        let muted = palette.muted();
        let accent = plain.fg(palette.accent);
        Self {
            title: accent.add_modifier(Modifier::BOLD),
            heading: bold,
            muted,
            accent: accent.add_modifier(Modifier::BOLD),
            emphasis: plain.add_modifier(Modifier::ITALIC),
            strong: bold,
            good: plain.fg(palette.good).add_modifier(Modifier::BOLD),
            bad: plain.fg(palette.bad).add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
            warning: plain.fg(palette.warning).add_modifier(Modifier::BOLD | Modifier::ITALIC),
            noisy: plain.fg(palette.noisy).add_modifier(Modifier::BOLD | Modifier::REVERSED),
            typed: bold,
            wrong: plain.fg(palette.bad).add_modifier(Modifier::BOLD | Modifier::UNDERLINED | Modifier::REVERSED),
            cursor: plain.add_modifier(Modifier::REVERSED),
            pending: muted,
            selected: bold.add_modifier(Modifier::REVERSED),
            key: bold,
            border: muted,
            border_focused: accent.add_modifier(Modifier::BOLD),
            code: plain.fg(palette.code),
            link: accent.add_modifier(Modifier::UNDERLINED),
        }
    }
}

/// The colours by their meaning.
struct Palette {
    accent: Color,
    good: Color,
    bad: Color,
    warning: Color,
    noisy: Color,
    code: Color,
    /// `None` if no grey is sure to differ from the background; the terminal then dims.
    grey: Option<Color>,
}

impl Palette {
    fn new(depth: Depth) -> Self {
        match depth {
            Depth::None => Self::uniform(Color::Reset),
            Depth::Sixteen => Self::SIXTEEN,
            Depth::Indexed => Self::INDEXED,
            Depth::True => Self::TRUE,
        }
    }

    const fn uniform(color: Color) -> Self {
        Self { accent: color, good: color, bad: color, warning: color, noisy: color, code: color, grey: None }
    }

    const SIXTEEN: Self = Self {
        accent: Color::Magenta,
        good: Color::Green,
        bad: Color::Red,
        warning: Color::Yellow,
        noisy: Color::Yellow,
        code: Color::Cyan,
        grey: None,
    };

    const INDEXED: Self = Self {
        accent: Color::Indexed(133),
        good: Color::Indexed(28),
        bad: Color::Indexed(167),
        warning: Color::Indexed(130),
        noisy: Color::Indexed(130),
        code: Color::Indexed(31),
        grey: Some(Color::Indexed(243)),
    };

    const TRUE: Self = Self {
        accent: Color::Rgb(0xa8, 0x62, 0xc8),
        good: Color::Rgb(0x2a, 0x8c, 0x45),
        bad: Color::Rgb(0xd6, 0x4a, 0x4a),
        warning: Color::Rgb(0xb0, 0x70, 0x10),
        noisy: Color::Rgb(0xb0, 0x70, 0x10),
        code: Color::Rgb(0x1f, 0x86, 0xa8),
        grey: Some(Color::Rgb(0x7c, 0x7c, 0x7c)),
    };

    fn muted(&self) -> Style {
        match self.grey {
            Some(grey) => Style::new().fg(grey),
            None => Style::new().add_modifier(Modifier::DIM),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn styles(theme: &Theme) -> Vec<Style> {
        let Theme { title, heading, muted, accent, emphasis, strong, good, bad, warning, noisy, .. } = *theme;
        let Theme { typed, wrong, cursor, pending, selected, key, border, border_focused, code, link, .. } = *theme;
        let words = [title, heading, muted, accent, emphasis, strong, good, bad, warning, noisy];
        let rest = [typed, wrong, cursor, pending, selected, key, border, border_focused, code, link];
        [words, rest].concat()
    }

    #[test]
    fn without_colours_there_are_none() {
        for style in styles(&Theme::new(Depth::None)) {
            assert_eq!(style.fg.unwrap_or(Color::Reset), Color::Reset);
        }
    }

    #[test]
    fn no_theme_touches_the_background() {
        for depth in [Depth::None, Depth::Sixteen, Depth::Indexed, Depth::True] {
            assert!(styles(&Theme::new(depth)).iter().all(|style| style.bg.is_none()), "{depth:?}");
        }
    }

    #[test]
    fn states_that_meet_differ_without_colour() {
        for depth in [Depth::None, Depth::Sixteen, Depth::Indexed, Depth::True] {
            let theme = Theme::new(depth);
            let typing = [theme.typed, theme.wrong, theme.cursor, theme.pending];
            let verdicts = [theme.good, theme.bad, theme.warning, theme.noisy];
            let borders = [theme.border, theme.border_focused];
            for meeting in [&typing[..], &verdicts, &borders] {
                for (index, style) in meeting.iter().enumerate() {
                    let others = &meeting[index + 1..];
                    assert!(others.iter().all(|other| other.add_modifier != style.add_modifier), "{depth:?} {style:?}");
                }
            }
        }
    }

    /// The red, green and blue of a colour that is the same in every terminal.
    fn rgb(color: Color) -> Option<[f64; 3]> {
        match color {
            Color::Rgb(r, g, b) => Some([r, g, b].map(f64::from)),
            Color::Indexed(index @ 232..) => Some([f64::from(index - 232) * 10.0 + 8.0; 3]),
            Color::Indexed(index @ 16..=231) => {
                let level = |digit: u8| if digit == 0 { 0.0 } else { 55.0 + 40.0 * f64::from(digit) };
                let cube = index - 16;
                Some([level(cube / 36), level(cube / 6 % 6), level(cube % 6)])
            }
            _ => None,
        }
    }

    fn luminance(rgb: [f64; 3]) -> f64 {
        let linear = rgb.map(|channel| {
            let channel = channel / 255.0;
            if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
        let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
        one.max(other) / one.min(other)
    }

    #[test]
    fn every_fixed_colour_is_legible_on_dark_and_on_light() {
        const DARK: [f64; 3] = [30.0; 3];
        const LIGHT: [f64; 3] = [255.0; 3];
        for depth in [Depth::Indexed, Depth::True] {
            for color in styles(&Theme::new(depth)).iter().filter_map(|style| style.fg) {
                let rgb = rgb(color).expect("the user's scheme decides over the first sixteen");
                for (name, ground) in [("dark", DARK), ("light", LIGHT)] {
                    let contrast = contrast(rgb, ground);
                    assert!(contrast >= 3.5, "{color} on {name}: {contrast:.2}");
                }
            }
        }
    }
}
