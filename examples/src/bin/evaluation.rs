//! The evaluation: `cargo run --release -p statecookie-examples --bin evaluation`.
#![forbid(unsafe_code)]
use statecookie_examples::evaluation::goodput;
fn main() {
    let points = goodput::run(goodput::JOBS).unwrap();
    for p in &points {
        println!(
            "{:?} {:?} {:.5} {:.5} z {:.3} hw {:.5} B/s {:.1} deaths {}",
            p.fail_over,
            p.setting,
            p.goodput(),
            p.setting.expected_goodput(),
            p.deviation(),
            p.times.half_width() / p.times.mean(),
            p.bytes_per_second(),
            p.total.deaths
        );
    }
    let v = goodput::judge(&points);
    println!("{v:?} {:?}", v.check());
}
