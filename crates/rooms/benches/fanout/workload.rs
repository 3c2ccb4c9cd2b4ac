//! The workloads. Each measurement has a fresh server.

mod connect;
mod fanout;
mod hold;
mod pings;
mod setup;
mod stall;

use std::time::Duration;

use anyhow::Result;

use crate::report::Figure;
use crate::target::Target;

use fanout::{Load, Shape};

/// The size and duration of a workload.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    pub(crate) duration: Duration,
    pub(crate) quick: bool,
}

pub(crate) struct Workload {
    pub(crate) name: String,
    kind: Kind,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Fanout(Shape, Load),
    Connect,
    Stall,
    Pings,
    Hold,
}

pub(crate) fn all() -> Vec<Workload> {
    let shapes =
        [Shape { rooms: 50, members: 10 }, Shape { rooms: 1, members: 200 }, Shape { rooms: 1, members: 1000 }];
    let loads = [(Load::Saturated, "saturated"), (Load::Paced, "10,000/s")];
    let mut all = Vec::new();
    for shape in shapes {
        for (load, text) in loads {
            all.push(Workload { name: format!("{shape}, {text}"), kind: Kind::Fanout(shape, load) });
        }
    }
    let others = [
        ("connect", Kind::Connect),
        ("stalled reader", Kind::Stall),
        ("pings", Kind::Pings),
        ("held up by 1 MB", Kind::Hold),
    ];
    for (name, kind) in others {
        all.push(Workload { name: name.into(), kind });
    }
    all
}

impl Workload {
    pub(crate) fn measure(&self, target: &Target, scale: Scale) -> Result<Vec<Figure>> {
        match self.kind {
            Kind::Fanout(shape, load) => fanout::measure(target, shape, load, scale),
            Kind::Connect => connect::measure(target, scale),
            Kind::Stall => stall::measure(target, scale),
            Kind::Pings => pings::measure(target, scale),
            Kind::Hold => hold::measure(target, scale),
        }
    }
}
