//! The workshop under a low limit on open files and sockets.

use std::fs;
use std::net::TcpStream;

use crate::common::{CommandBuilder, RTWS, Screen};
use crate::learner::Learner;
use crate::workshop::Workshop;

/// More than a limit of 256 leaves for clients.
const CLIENTS: usize = 300;

/// Opens the workshop with this limit, such as `-Sn 256`.
fn open_with<'a>(workshop: &'a Workshop, limit: &str) -> Learner<'a> {
    let mut command = CommandBuilder::new("sh");
    let script = format!(r#"ulimit {limit}; exec "$0" learn welcome"#);
    command.args(["-c", &script, RTWS]);
    Learner { screen: Screen::start(workshop.prepare(command), 40, 120), workshop }
}

/// Connects clients that say nothing, and waits until the server has at least this many of them.
fn crowd_in(learner: &Learner<'_>, at_least: usize) -> Vec<TcpStream> {
    let address = learner.address();
    let clients: Vec<_> = (0..CLIENTS).map(|_| TcpStream::connect(&address).unwrap()).collect();
    let folder = format!("/proc/{}/fd", learner.screen.pid());
    while fs::read_dir(&folder).unwrap().count() < at_least {
        std::thread::yield_now();
    }
    clients
}

#[test]
fn many_clients_under_the_usual_limit_of_a_shell_hold_up_no_check() {
    let workshop = Workshop::fresh();
    let mut learner = open_with(&workshop, "-Sn 256");
    let _clients = crowd_in(&learner, CLIENTS);
    learner.screen.press("n n");
    learner.wait_for_step(&workshop.course.lessons[0].steps[2].title, 3, 4);
    learner.solve("greet");
    learner.quit();
}

#[test]
fn many_clients_under_a_limit_that_cannot_be_raised_cost_no_progress() {
    let workshop = Workshop::fresh();
    let mut learner = open_with(&workshop, "-n 256");
    let _clients = crowd_in(&learner, 140);
    let second = &workshop.course.lessons[0].steps[1];
    learner.screen.press("n");
    learner.wait_for_step(&second.title, 2, 4);
    learner.quit();
    assert_eq!(workshop.current_step(), second.id);
}
