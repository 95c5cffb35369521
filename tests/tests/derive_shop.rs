//! The shop of the design: what the derive writes for it, run without any cookie.

use serde::{Deserialize, Serialize};
use statecookie::private::Class;
use statecookie::{Schema, StateCookie, Tier, TierSet};
use statecookie_tests::field_source::{
    FieldSource, LastPut, all_tiers, written, written_for_client,
};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Item {
    name: String,
    count: u16,
}

#[derive(StateCookie, Clone, Debug, PartialEq)]
#[statecookie(
    version = 1,
    tier(2, valid_for = "3h"),
    tier(1, valid_for = "10m"),
    tier(0, valid_for = "30s", or_default)
)]
struct Shop {
    #[tier(2)]
    #[immutable]
    customer: u64,
    #[tier(2)]
    #[private]
    credit_rating: u16,
    #[tier(1)]
    #[immutable]
    cart: Vec<Item>,
    #[tier(1)]
    #[mutable(range = 0..=4)]
    quality: u8,
    #[tier(0)]
    #[mutable(range = -500.0..=500.0)]
    position: [f32; 3],
    #[tier(0)]
    #[mutable(range = 0.0..360.0)]
    yaw: f32,
}

fn shop() -> Shop {
    Shop {
        customer: 7,
        credit_rating: 300,
        cart: vec![Item {
            name: "lamp".into(),
            count: 2,
        }],
        quality: 3,
        position: [1.0, -2.0, 3.5],
        yaw: 90.0,
    }
}

#[test]
fn a_written_shop_reads_back_in_wire_order() {
    let bytes = written(&shop());
    let mut source = FieldSource::new(&bytes);
    assert_eq!(Shop::__read(&mut source), Ok(shop()));
    let order = [
        "customer",
        "credit_rating",
        "cart",
        "quality",
        "position",
        "yaw",
    ];
    assert_eq!(source.taken, order);
    assert!(source.reader.is_empty());
}

#[test]
fn each_section_holds_its_class_alone() {
    let section = |tier, class| {
        let mut bytes = Vec::new();
        shop()
            .__write(Tier::new(tier).unwrap(), class, &mut bytes)
            .unwrap();
        bytes
    };
    assert_eq!(section(2, Class::Immutable), [7]);
    assert_eq!(section(2, Class::Private), [0xac, 0x02]);
    assert!(section(2, Class::Mutable).is_empty());
    assert_eq!(section(1, Class::Mutable), [3]);
    assert_eq!(section(0, Class::Mutable).len(), 16);
}

#[test]
fn setters_refuse_what_is_outside_and_mark_what_they_change() {
    let (mut shop, mut touched) = (shop(), TierSet::EMPTY);
    let refused = shop.__edit(&mut touched).set_quality(5).unwrap_err();
    assert_eq!(refused.to_string(), "`quality` is outside its bound: 0..=4");
    assert!(touched.is_empty());
    shop.__edit(&mut touched).set_quality(4).unwrap();
    assert_eq!(touched, TierSet::only(Tier::new(1).unwrap()));
    shop.__edit(&mut touched).cart_mut().clear();
    shop.__edit(&mut touched).set_credit_rating(1);
    shop.__edit(&mut touched)
        .set_position([0.0, f32::NAN, 0.0])
        .unwrap_err();
    assert_eq!(touched.len(), 2);
    assert_eq!(
        (shop.quality, shop.credit_rating, shop.cart.len()),
        (4, 1, 0)
    );
    assert_eq!(shop.position, [1.0, -2.0, 3.5]);
}

#[test]
fn the_view_refuses_the_same_with_the_same_error() {
    let bytes = written_for_client(&shop());
    let mut overlay = LastPut::default();
    let mut view = Shop::__view(&mut FieldSource::new(&bytes), &mut overlay).unwrap();
    assert_eq!(
        (*view.customer(), *view.quality(), *view.yaw()),
        (7, 3, 90.0)
    );
    assert_eq!(view.cart().len(), 1);
    let on_client = view.set_yaw(360.0).unwrap_err();
    view.set_quality(2).unwrap();
    view.set_yaw(359.5).unwrap();
    assert_eq!(*view.quality(), 2);
    let on_server = shop()
        .__edit(&mut TierSet::EMPTY.clone())
        .set_yaw(360.0)
        .unwrap_err();
    assert_eq!(on_client, on_server);
    let (tier, bytes) = overlay.0.unwrap();
    assert_eq!((tier, bytes.len()), (0, 16));
    assert_eq!(bytes[12..], 359.5_f32.to_le_bytes());
}

#[test]
fn a_missing_lowest_tier_takes_its_defaults() {
    let bytes = written(&shop());
    let without_tier_0 = &bytes[..bytes.len() - 16];
    let read = Shop::__read(&mut FieldSource::new(without_tier_0)).unwrap();
    assert_eq!(
        read,
        Shop {
            position: [0.0; 3],
            yaw: 0.0,
            ..shop()
        }
    );
}

#[test]
fn checks_concern_only_the_tiers_asked_for() {
    let broken = Shop {
        quality: 9,
        ..shop()
    };
    assert_eq!(
        broken.__check(all_tiers::<Shop>()).unwrap_err().field,
        "quality"
    );
    assert_eq!(broken.__check(TierSet::only(Tier::LOWEST)), Ok(()));
    assert_eq!(broken.__check_signed_bounds(all_tiers::<Shop>()), Ok(()));
    assert_eq!(broken.__validate(), Ok(()));
}

#[test]
fn the_table_says_what_the_attributes_said() {
    let table = Shop::TABLE;
    assert_eq!((table.name, table.version, table.pad), ("Shop", 1, 16));
    assert_eq!(table.session_max.as_secs(), 24 * 3600);
    assert_eq!(
        table
            .tiers
            .iter()
            .map(|tier| tier.valid_for.as_secs())
            .collect::<Vec<_>>(),
        [30, 600, 10800]
    );
    assert_eq!(table.tiers[2].renew_after.as_secs(), 5400);
    assert_eq!(
        table
            .tiers
            .iter()
            .map(|tier| tier.or_default)
            .collect::<Vec<_>>(),
        [true, false, false]
    );
    assert_eq!(table.fields[2].ty, "Vec<Item>");
}

#[test]
fn the_schema_is_sound() {
    let schema = Schema::of::<Shop>().unwrap();
    assert!(schema.description().starts_with(
        b"\x14statecookie schema 1\x04Shop\x01\x10\x03\x06\x08customer\x02\x00\x03u64"
    ));
    assert!(
        schema
            .description()
            .ends_with(b"\x03f32\x00\x03f32\x00\x01\x07\x04\0\0\0\0\x04\0\0\xb4\x43")
    );
}
