//! Messages over TCP: frames of a length and a value.

use std::io::{self, Read, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The longest frame taken, in bytes: more than any bundle.
const MAX_FRAME: usize = 80_000;

/// Writes one frame.
///
/// # Errors
///
/// The other end is gone.
pub fn send(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    let body = postcard::to_allocvec(value).map_err(io::Error::other)?;
    let mut frame = u32::try_from(body.len())
        .map_err(io::Error::other)?
        .to_le_bytes()
        .to_vec();
    frame.extend(body);
    out.write_all(&frame)
}

/// Reads one frame.
///
/// # Errors
///
/// The other end is gone, says nothing in time, or nothing that makes sense.
pub fn receive<T: DeserializeOwned>(input: &mut impl Read) -> io::Result<T> {
    let mut len = [0; 4];
    input.read_exact(&mut len)?;
    let len = u32::from_le_bytes(len) as usize;
    if len > MAX_FRAME {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut body = vec![0; len];
    input.read_exact(&mut body)?;
    postcard::from_bytes(&body).map_err(io::Error::other)
}

/// Takes one frame from the beginning of what has been read so far, if it is all there.
///
/// # Errors
///
/// It makes no sense.
pub fn take<T: DeserializeOwned>(unread: &mut Vec<u8>) -> io::Result<Option<T>> {
    let Some((len, rest)) = unread.split_first_chunk() else {
        return Ok(None);
    };
    let len = u32::from_le_bytes(*len) as usize;
    if len > MAX_FRAME {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let Some(body) = rest.get(..len) else {
        return Ok(None);
    };
    let value = postcard::from_bytes(body).map_err(io::Error::other)?;
    unread.drain(..4 + len);
    Ok(Some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_in_pieces_is_taken_when_it_is_whole() {
        let mut sent = Vec::new();
        send(&mut sent, &"one").unwrap();
        send(&mut sent, &"two").unwrap();
        let (mut unread, mut taken) = (Vec::new(), Vec::new());
        for byte in sent {
            unread.push(byte);
            taken.extend(take::<String>(&mut unread).unwrap());
        }
        assert_eq!(taken, ["one", "two"]);
        assert!(unread.is_empty());
        assert!(take::<String>(&mut vec![0xff; 4]).is_err());
    }
}
