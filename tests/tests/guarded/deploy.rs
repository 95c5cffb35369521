//! A deploy that changes which tiers are guarded: nobody is refused for it, on either kind of server.

use statecookie::{FlushError, Pool, Reason, StateCookie};

use super::kit::{Client, Purse, on_each_store, purse, reason, server, spend};

/// The purse as a later build guards it: down to the last step.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(
    name = "Purse",
    version = 1,
    tier(2, valid_for = "3h"),
    tier(1, valid_for = "1h", guarded),
    tier(0, valid_for = "30m", guarded)
)]
struct Stricter {
    #[tier(2)]
    owner: u64,
    #[tier(1)]
    coins: u32,
    #[tier(0)]
    step: u32,
}

#[test]
fn sessions_go_over_to_a_build_that_guards_more_and_back() {
    on_each_store(|stores| {
        let ([old], store) = stores.servers::<Purse, 1>();
        let new: Pool<Stricter> = server(&store, &stores.clock);
        let mut client = Client::new();
        let mut bundle = client.takes(&mut old.open(purse()).unwrap());
        for _ in 0..3 {
            let mut session = new.resume(&bundle).unwrap().session;
            client.takes(&mut session);
            *session.edit().step_mut() += 1;
            bundle = client.takes(&mut session);
            let mut request = old.resume_request(&bundle).unwrap().session;
            bundle = client.merges(&spend(&mut request).unwrap());
        }
        // On either one what is behind is refused as far as it guards.
        let [.., older, _] = &*client.bundles else {
            unreachable!()
        };
        assert_eq!(reason(old.resume(older)), Some(Reason::RolledBack));
        assert_eq!(reason(new.resume(older)), Some(Reason::RolledBack));
        let mut session = new.resume(&bundle).unwrap().session;
        let sibling = client.takes(&mut session);
        *session.edit().step_mut() += 1;
        let newest = client.takes(&mut session);
        assert_eq!(reason(new.resume(&sibling)), Some(Reason::RolledBack));
        assert_eq!(new.resume(&newest).unwrap().session.step, 4);
    });
}

/// A mark that begins like another one is not further on.
#[test]
fn a_server_of_the_old_build_is_fenced_by_one_of_the_new() {
    on_each_store(|stores| {
        let ([old], store) = stores.servers::<Purse, 1>();
        let new: Pool<Stricter> = server(&store, &stores.clock);
        let mut client = Client::new();
        let mut left = old.open(purse()).unwrap();
        let bundle = client.takes(&mut left);
        let mut session = new.resume(&bundle).unwrap().session;
        assert_eq!(spend(&mut left).unwrap_err(), FlushError::Forked);
        let newest = client.takes(&mut session);
        assert_eq!(reason(new.resume(&newest)), None);
    });
}
