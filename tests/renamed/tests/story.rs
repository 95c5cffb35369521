//! What the renamed library is for still works: issue, merge, change, resume; and the laws hold.
#![forbid(unsafe_code)]

use std::time::Duration;

use cookie_state::testing::laws;
use cookie_state::{Jar, Keys, Merged, Pool, Reason, SystemEntropy};
use renamed::{Corner, Generic, Item, Mood, Visit};

fn visit() -> Visit {
    Visit {
        customer: 4711,
        limit: 3,
        credit_rating: Some(99),
        cart: vec![Item {
            article: "lamp".into(),
            count: 2,
        }],
        places: 1,
        speed: 1.0,
        even: 2,
        notes: [1, 2, 3],
        position: [0.0; 3],
        words: vec!["hello".into()],
        mood: Mood::Calm,
        corners: Vec::new(),
        pause: Duration::ZERO,
    }
}

#[test]
fn a_state_goes_to_the_client_and_comes_back_on_another_server() {
    let secret = cookie_state::Secret::generate(&SystemEntropy).unwrap();
    let server = || Pool::<Visit>::new("shop.example", Keys::embedded(secret.clone())).unwrap();
    let mut session = server().open(visit()).unwrap();
    let mut jar = Jar::new();
    let first = session.flush().unwrap().unwrap();
    assert_eq!(jar.merge(&first), Ok(Merged::Updated));
    let mut view = jar.view::<Visit>().unwrap();
    assert_eq!((view.cart(), view.customer()), (&visit().cart, &4711));
    view.set_mood(Mood::Hurried).unwrap();
    let corner = Corner {
        x: 10,
        label: "here".into(),
    };
    view.set_corners(vec![corner.clone()]).unwrap();
    assert_eq!(
        view.set_places(5),
        Err(session.edit().set_places(5).unwrap_err())
    );
    view.set_places(4).unwrap();
    let resumed = server().resume(&jar.bundle().unwrap()).unwrap();
    let expected = Visit {
        mood: Mood::Hurried,
        corners: vec![corner],
        places: 4,
        ..visit()
    };
    assert_eq!(*resumed.session, expected);
}

#[test]
fn what_was_changed_is_refused() {
    let pool = Pool::<Visit>::new("shop.example", Keys::ephemeral().unwrap()).unwrap();
    let update = pool.open(visit()).unwrap().flush().unwrap().unwrap();
    let mut bytes = update.into_bytes();
    // In the session id, which only the tag vouches for.
    bytes[20] ^= 1;
    let refused = pool.resume(&bytes).unwrap_err();
    assert_eq!(refused.reason, Reason::BadTag);
}

#[test]
fn the_laws_hold() {
    laws::<Visit>();
    laws::<Generic<(u16, Option<String>), 2>>();
}
