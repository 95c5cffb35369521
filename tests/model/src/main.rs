//! model
mod checker;
mod model;
mod scopes;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    for scope in scopes::ALL.iter().filter(|s| s.name == args[0]) {
        let mut scope = scope.clone();
        for a in &args[1..] {
            let (k, v) = a.split_once('=').unwrap();
            let n: u8 = v.parse().unwrap();
            match k {
                "updates" => scope.updates = n.into(),
                "servers" => scope.servers = n.into(),
                "resumes" => scope.resumes = n.into(),
                "ticks" => scope.ticks = n,
                "changes" => scope.changes = n,
                "rollbacks" => scope.rollbacks = n,
                "logins" => scope.logins = n,
                "switches" => scope.switches = n,
                "steps" => scope.clock_steps = n,
                "revs" => scope.revocations = n,
                "req" => scope.requests = n > 0,
                "trio" => {
                    scope.rules = if n > 0 {
                        model::rules::Rules::TRIO
                    } else {
                        model::rules::Rules::DUO
                    }
                }
                _ => panic!(),
            }
        }
        checker::search(scope, 2);
    }
}
