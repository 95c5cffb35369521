//! What may go to another thread, be shared, be copied, or be looked at after a panic: said for every public type, judged by
//! the compiler.
#![forbid(unsafe_code)]

use std::collections::BTreeSet;
use std::fs;
use std::marker::PhantomData;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::path::Path;
use std::rc::Rc;
use std::sync::mpsc;
use std::thread;

use statecookie::advice::*;
use statecookie::counters::*;
use statecookie::outside::*;
use statecookie::private::{Field, NoLeaf, TierPolicy, Tolerance};
use statecookie::testing::{BrokenEntropy, CountingEntropy, FixedEntropy, GiveUp, Laws, TestClock};
use statecookie::*;

#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(tier(0, valid_for = "1h"))]
struct Visit {
    #[tier(0)]
    #[private]
    account: u64,
    #[tier(0)]
    #[mutable(range = 0..=1_000)]
    steps: u32,
}

/// A state that must stay on its thread.
#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(tier(0, valid_for = "1h"))]
struct Local {
    #[tier(0)]
    here: PhantomData<Rc<u8>>,
}

type Edit = <Visit as StateCookie>::Edit<'static>;
type View = <Visit as StateCookie>::View<'static>;
type OwnStamps = <Visit as StateCookie>::Stamps;

trait Otherwise {
    const HAS: bool = false;
}

impl<T> Otherwise for T {}

/// Whether a type has some traits: an inherent constant goes before a trait's.
macro_rules! has {
    ($ty:ty: $($bound:tt)+) => {{
        struct Has<T>(PhantomData<T>);
        #[allow(dead_code, reason = "of a type without these traits it is not asked")]
        impl<T: $($bound)+> Has<T> {
            const HAS: bool = true;
        }
        <Has<$ty>>::HAS
    }};
}

macro_rules! is {
    (yes) => {
        true
    };
    (no) => {
        false
    };
}

macro_rules! promises {
    ($($ty:ty: $send:ident $sync:ident $clone:ident $unwind:ident;)+) => {
        $(const _: () = {
            assert!(has!($ty: Send) == is!($send), concat!(stringify!($ty), ": Send"));
            assert!(has!($ty: Sync) == is!($sync), concat!(stringify!($ty), ": Sync"));
            assert!(has!($ty: Clone) == is!($clone), concat!(stringify!($ty), ": Clone"));
            assert!(has!($ty: UnwindSafe + RefUnwindSafe) == is!($unwind), concat!(stringify!($ty), ": UnwindSafe"));
        };)+

        const PROMISED: &[&str] = &[$(stringify!($ty)),+];
    };
}

// A clone of a session would be a fork. A pool's clock and generator are trait objects, and so is the source of its keys: nobody knows
// in which state a panic leaves them, so what holds a pool, or borrows what is not known here, makes no promise about that.
promises! {
    //                      Send Sync Clone UnwindSafe
    Pool<Visit>:            yes  yes  yes  no;
    Pool<Local>:            yes  yes  yes  no;
    PoolBuilder<Visit>:     yes  yes  no   no;
    Session<Visit>:         yes  yes  no   no;
    Session<Local>:         no   no   no   no;
    Resumed<Visit>:         yes  yes  no   no;
    Presentation<'static, Visit>: yes yes yes no;
    ClaimedResume<Visit>:   yes  yes  no   no;
    ClaimedFlush<'static, Visit>: yes yes no no;
    Update:                 yes  yes  yes  yes;
    Scratch:                yes  yes  no   yes;
    Edit:                   yes  yes  no   no;
    View:                   yes  no   no   no;
    OwnStamps:              yes  yes  yes  yes;
    Jar:                    yes  yes  yes  yes;
    Merged:                 yes  yes  yes  yes;
    Limits:                 yes  yes  yes  yes;

    Counters:               yes  yes  yes  yes;
    Counts:                 yes  yes  yes  yes;
    Event<'static>:         yes  yes  yes  yes;
    Freshness:              yes  yes  yes  yes;
    Histogram:              yes  yes  yes  yes;
    KeyCounts:              yes  yes  yes  yes;
    KeyLabel:               yes  yes  yes  yes;
    KeyTimes:               yes  yes  yes  yes;
    KeyUse:                 yes  yes  yes  yes;
    RefreshCounts:          yes  yes  yes  yes;
    RefusedCount:           yes  yes  yes  yes;
    Retirement:             yes  yes  yes  yes;
    Tracing:                yes  yes  no   yes;
    UpdateCounts:           yes  yes  yes  yes;

    Keys:                   yes  yes  yes  no;
    KeyFile:                yes  yes  no   yes;
    KeyRing:                yes  yes  yes  yes;
    KeyWatch:               yes  yes  no   yes;
    RedisKeys:              yes  yes  no   no;
    RingText:               yes  yes  no   yes;
    Loaded:                 yes  yes  yes  yes;
    Generation:             yes  yes  yes  yes;
    Refresh:                yes  yes  yes  yes;
    RefreshCause:           yes  yes  yes  yes;
    RefreshOutcome:         yes  yes  yes  yes;
    Kept:                   yes  yes  yes  yes;
    SourceWarning:          yes  yes  yes  yes;
    Key:                    yes  yes  yes  yes;
    Secret:                 yes  yes  yes  yes;
    KeyPolicy:              yes  yes  yes  yes;
    KeyId:                  yes  yes  yes  yes;
    SystemClock:            yes  yes  yes  yes;
    SystemEntropy:          yes  yes  yes  yes;
    TestClock:              yes  yes  yes  yes;
    FixedEntropy:           yes  yes  no   yes;
    BrokenEntropy:          yes  yes  yes  yes;
    CountingEntropy<FixedEntropy>: yes yes no yes;
    Laws<Visit>:            no   no   no   no;

    Act:                    yes  yes  yes  yes;
    Claim:                  yes  yes  yes  yes;
    Mark:                   yes  yes  yes  yes;
    MarkRecord:             yes  yes  yes  yes;
    MemoryMarks:            yes  yes  yes  no;
    RedisMarks:             yes  yes  no   no;
    NoMarks:                yes  yes  yes  yes;
    NotRevoked:             yes  yes  yes  yes;
    Verdict:                yes  yes  yes  yes;
    Weighed:                yes  yes  yes  yes;
    WhenAway:               yes  yes  yes  yes;

    Schema:                 yes  yes  yes  yes;
    Table:                  yes  yes  yes  yes;
    TierPolicy:             yes  yes  yes  yes;
    Field:                  yes  yes  yes  yes;
    Shape:                  yes  yes  yes  yes;
    NoLeaf:                 yes  yes  yes  yes;
    Bound<u8>:              yes  yes  yes  yes;
    Rule<u8>:               yes  yes  yes  yes;
    Interval<u8>:           yes  yes  yes  yes;
    Tolerance<u8>:          yes  yes  yes  yes;
    Class:                  yes  yes  yes  yes;
    Tier:                   yes  yes  yes  yes;
    TierSet:                yes  yes  yes  yes;
    Stamp:                  yes  yes  yes  yes;
    Timestamp:              yes  yes  yes  yes;
    Mute<u8>:               yes  yes  yes  yes;
    Mute<Rc<u8>>:           no   no   yes  yes;
    Reader<'static>:        yes  yes  yes  yes;
    Inspection:             yes  yes  yes  yes;
    InspectedRoot:          yes  yes  yes  yes;
    InspectedCookie:        yes  yes  yes  yes;
    BlobKind:               yes  yes  yes  yes;

    Advice:                 yes  yes  yes  yes;
    AdviceError:            yes  yes  yes  yes;
    Advisor<'static, Visit>: yes yes no   yes;
    Attributes<'static>:    yes  yes  yes  yes;
    Failures:               yes  yes  yes  yes;
    FieldSet:               yes  yes  yes  yes;
    Layout:                 yes  yes  yes  yes;
    Move:                   yes  yes  yes  yes;
    Pin:                    yes  yes  yes  yes;
    Plan:                   yes  yes  yes  yes;
    PlanError:              yes  yes  yes  yes;
    Prediction:             yes  yes  yes  yes;
    RecordError:            yes  yes  yes  yes;
    Recorded:               yes  yes  yes  yes;
    Recorder<Visit>:        yes  yes  no   yes;
    Rung:                   yes  yes  yes  yes;

    AnyAccepted:            yes  yes  yes  yes;
    AnyField<'static>:      yes  yes  yes  yes;
    AnyPool:                yes  yes  no   no;
    AnyPoolBuilder:         yes  yes  no   no;
    AnyPresentation<'static>: yes yes yes no;
    AnyRefusal:             yes  yes  yes  yes;
    AnySchema:              yes  yes  yes  yes;
    AnyTier<'static>:       yes  yes  yes  yes;
    AnyTimes:               yes  yes  yes  yes;
    AnyValue:               yes  yes  yes  yes;
    Found:                  yes  yes  yes  yes;
    FoundField<'static>:    yes  yes  yes  yes;
    Judged<'static>:        yes  yes  yes  yes;
    Looked<'static>:        yes  yes  yes  yes;
    SchemaJsonError:        yes  yes  yes  yes;
    SchemaMatch:            yes  yes  yes  yes;

    BundleError:            yes  yes  yes  yes;
    EmptyRange:             yes  yes  yes  yes;
    EncodeError:            yes  yes  yes  yes;
    EntropyError:           yes  yes  yes  yes;
    FlushError:             yes  yes  yes  yes;
    TooManyRevoked:         yes  yes  yes  yes;
    GiveUp:                 yes  yes  yes  yes;
    Invalid:                yes  yes  yes  yes;
    KeyEnvError:            yes  yes  yes  yes;
    KeyEnvFault:            yes  yes  yes  yes;
    KeyError:               yes  yes  yes  yes;
    KeyFileError:           yes  yes  yes  yes;
    KeyFileFault:           yes  yes  yes  yes;
    RedisKeysError:         yes  yes  yes  yes;
    RedisKeysFault:         yes  yes  yes  yes;
    RedisMarksError:        yes  yes  yes  yes;
    RedisMarksFault:        yes  yes  yes  yes;
    KeyRefusal:             yes  yes  yes  yes;
    KeySourceError:         yes  yes  yes  yes;
    Malformed:              yes  yes  yes  yes;
    MergeError:             yes  yes  yes  yes;
    NoSigningKey:           yes  yes  yes  yes;
    OutOfRange:             yes  yes  yes  yes;
    ParseError:             yes  yes  yes  yes;
    PolicyError:            yes  yes  yes  yes;
    PoolError:              yes  yes  yes  yes;
    Reason:                 yes  yes  yes  yes;
    Refusal:                yes  yes  yes  yes;
    ReplaceError:           yes  yes  yes  yes;
    RingError:              yes  yes  yes  yes;
    RingTextError:          yes  yes  yes  yes;
    RingTextFault:          yes  yes  yes  yes;
    RingWriteError:         yes  yes  yes  yes;
    SchemaError:            yes  yes  yes  yes;
    StateError:             yes  yes  yes  yes;
    SupplyError:            yes  yes  yes  yes;
    ViewError:              yes  yes  yes  yes;
}

macro_rules! errors {
    ($($ty:ty)+) => {
        $(const _: () = assert!(
            has!($ty: std::error::Error + Send + Sync + 'static),
            concat!(stringify!($ty), " is no error that `?` can hand on to any thread")
        );)+
        const ERRORS: &[&str] = &[$(stringify!($ty)),+];
    };
}

errors! {
    AdviceError AnyRefusal BundleError EmptyRange EncodeError EntropyError FlushError GiveUp Invalid KeyEnvError KeyError KeyFileError KeySourceError Malformed MergeError
    NoSigningKey NotRevoked OutOfRange ParseError PlanError PolicyError PoolError RecordError RedisKeysError RedisMarksError Refusal ReplaceError RingError RingTextError RingWriteError SchemaError SchemaJsonError StateError SupplyError ViewError
}

#[test]
fn every_public_type_makes_its_promise() {
    let promised: BTreeSet<_> = PROMISED.iter().map(|ty| plain(ty)).collect();
    let own = ["Edit", "View", "OwnStamps"].map(String::from);
    let public = public_types();
    assert!(public.len() > 60, "{public:?}");
    assert_eq!(promised, public.into_iter().chain(own).collect());
}

#[test]
fn every_type_that_is_called_an_error_is_one() {
    let errors: BTreeSet<_> = ERRORS.iter().map(|ty| (*ty).to_owned()).collect();
    let called: BTreeSet<_> = public_types()
        .into_iter()
        .filter(|ty| ty.ends_with("Error"))
        .collect();
    assert!(called.is_subset(&errors), "{called:?}");
}

/// The name alone.
fn plain(ty: &str) -> String {
    ty.split('<').next().unwrap_or(ty).trim().to_owned()
}

/// Every `pub struct` and `pub enum` of the library: the lint `unreachable_pub` sees to it that each can be named outside.
fn public_types() -> BTreeSet<String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../statecookie/src");
    let mut types = BTreeSet::new();
    let mut folders = vec![source];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs::read_to_string(path).unwrap();
                types.extend(text.lines().filter_map(declared));
            }
        }
    }
    types
}

/// The name that a line declares to the world.
fn declared(line: &str) -> Option<String> {
    let rest = line
        .strip_prefix("pub struct ")
        .or_else(|| line.strip_prefix("pub enum "))?;
    let end = rest.find(|c: char| !c.is_alphanumeric())?;
    Some(rest[..end].to_owned())
}

/// One pool for all threads; each session opens on one thread, goes on on the next, and fails over on a third.
#[test]
fn sessions_travel_from_thread_to_thread_under_one_pool() {
    const SESSIONS: u64 = 40;
    let pool = Pool::<Visit>::new("threads", Keys::ephemeral().unwrap()).unwrap();
    let (opened, to_go_on) = mpsc::channel::<(Session<Visit>, Jar)>();
    let (presented, to_resume) = mpsc::channel::<(u64, Vec<u8>)>();
    let total: u64 = thread::scope(|scope| {
        for half in 0..2 {
            let (pool, opened) = (&pool, opened.clone());
            scope.spawn(move || {
                for account in (0..SESSIONS).filter(|account| account % 2 == half) {
                    let mut session = pool.open(Visit { account, steps: 0 }).unwrap();
                    let mut jar = Jar::new();
                    let _ = jar.merge(&session.flush().unwrap().unwrap()).unwrap();
                    opened.send((session, jar)).unwrap();
                }
            });
        }
        drop(opened);
        scope.spawn(move || {
            for (mut session, mut jar) in to_go_on {
                let steps = session.account as u32 * 2;
                session.edit().set_steps(steps).unwrap();
                let _ = jar.merge(&session.flush().unwrap().unwrap()).unwrap();
                let bundle = jar.bundle().unwrap();
                presented.send((session.account, bundle)).unwrap();
            }
        });
        let resumed = to_resume.into_iter().map(|(account, bundle)| {
            let session = pool.resume(&bundle).unwrap().session;
            assert_eq!(session.account, account);
            assert_eq!(u64::from(session.steps), account * 2);
            1
        });
        resumed.sum()
    });
    assert_eq!(total, SESSIONS);
}
