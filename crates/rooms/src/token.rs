//! The secret that admits a request.

use std::fmt;

use subtle::ConstantTimeEq as _;

/// A secret. It is only ever compared: no text that the crate makes contains it, not even debug output.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// Compared in constant time, so that a stranger cannot find the token byte by byte.
    pub(crate) fn is(&self, given: &str) -> bool {
        // An empty one is a mistake, and admits nobody.
        !self.0.is_empty() && bool::from(given.as_bytes().ct_eq(self.0.as_bytes()))
    }
}

impl From<String> for Token {
    fn from(secret: String) -> Self {
        Self(secret)
    }
}

impl From<&str> for Token {
    fn from(secret: &str) -> Self {
        Self(secret.to_owned())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Config;

    #[test]
    fn a_configuration_does_not_show_its_token() {
        let shown = |token: Option<Token>| format!("{:?}", Config { token, ..Config::default() });
        let with_token = shown(Some("s3cret".into()));
        assert!(with_token.contains("token: Some(Token)") && !with_token.contains("s3cret"), "{with_token}");
        assert!(shown(None).contains("token: None"));
    }

    #[test]
    fn only_the_whole_token_is_the_token() {
        let token = Token::from("s3cret");
        assert!(token.is("s3cret"));
        for given in ["", "s3cre", "s3cret2", "S3CRET"] {
            assert!(!token.is(given), "{given}");
        }
        assert!(!Token::from("").is(""));
    }
}
