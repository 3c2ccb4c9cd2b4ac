//! The spellings of the server's own address in a `Host` header.
//!
//! A page's domain can be given the address of this machine (DNS rebinding), and the browser then takes the server for
//! the page's own. So names are compared as they are written: nothing is resolved, and no spelling is read generously.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Whether a `Host` names the address at which a listener was reached.
pub(super) fn names(host: &str, local: SocketAddr) -> bool {
    // A listener for both kinds of addresses sees IPv4 inside IPv6.
    let address = local.ip().to_canonical();
    let (name, port) = split(host);
    let port_is_ours = port.map_or(local.port() == 80, |port| port == local.port().to_string());
    let is_localhost = address.is_loopback() && name.eq_ignore_ascii_case("localhost");
    port_is_ours && (is_localhost || is_literal(name, address))
}

/// The name, with the brackets around an IPv6 address, and the port behind it.
fn split(host: &str) -> (&str, Option<&str>) {
    // Colons inside brackets belong to the address.
    let end = host.rfind(']').map_or(0, |bracket| bracket + 1);
    match host[end..].find(':') {
        Some(colon) => (&host[..end + colon], Some(&host[end + colon + 1..])),
        None => (host, None),
    }
}

fn is_literal(name: &str, address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => name.parse::<Ipv4Addr>() == Ok(address),
        IpAddr::V6(address) => {
            let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
            bare.is_some_and(|name| name.parse::<Ipv6Addr>() == Ok(address))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_has_one_spelling_and_loopback_a_name() {
        for (local, ours, foreign) in [
            (
                "127.0.0.1:7420",
                &["127.0.0.1:7420", "localhost:7420", "LocalHost:7420"][..],
                &[
                    "",
                    "127.0.0.1",
                    "127.0.0.1:",
                    "127.0.0.1:80",
                    "127.0.0.1:7421",
                    "127.0.0.1:+7420",
                    "127.0.0.1:07420",
                    "127.0.0.1:7420:7420",
                    "127.0.0.1:7420.",
                    "127.0.0.1.:7420",
                    "127.1:7420",
                    "127.0.0.2:7420",
                    "0.0.0.0:7420",
                    "0177.0.0.1:7420",
                    "0x7f000001:7420",
                    "2130706433:7420",
                    "[127.0.0.1]:7420",
                    "[[127.0.0.1]]:7420",
                    "[::1]:7420",
                    "[::ffff:127.0.0.1]:7420",
                    "localhost",
                    "localhost:+7420",
                    "localhost:07420",
                    "localhost.:7420",
                    "[localhost]:7420",
                    "x.localhost:7420",
                    "localhost.evil.example:7420",
                    "user@localhost:7420",
                    "http://localhost:7420",
                    "evil.example:7420",
                    "evil.example",
                ][..],
            ),
            (
                "[::1]:7420",
                &["[::1]:7420", "[0:0:0:0:0:0:0:1]:7420", "[0::0001]:7420", "localhost:7420"],
                &[
                    "::1:7420",
                    "[[::1]]:7420",
                    "[::1]",
                    "[::2]:7420",
                    "[::1%lo]:7420",
                    "127.0.0.1:7420",
                    "[::1]7420",
                    "[",
                ],
            ),
            ("[::ffff:127.0.0.1]:7420", &["127.0.0.1:7420", "localhost:7420"], &["[::ffff:127.0.0.1]:7420"]),
            ("127.0.0.1:80", &["127.0.0.1", "localhost", "localhost:80"], &["localhost:", "localhost:080"]),
            ("[::1]:80", &["[::1]", "localhost"], &["::1", "[::1]:"]),
            ("192.0.2.1:7420", &["192.0.2.1:7420"], &["localhost:7420", "127.0.0.1:7420"]),
        ] {
            let local = local.parse().unwrap();
            for host in ours {
                assert!(names(host, local), "{host} is {local}");
            }
            for host in foreign {
                assert!(!names(host, local), "{host} is not {local}");
            }
        }
    }
}
