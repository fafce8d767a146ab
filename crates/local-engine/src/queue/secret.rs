//! The secret that webhooks are signed with: made once, kept in a file that only its owner may read.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

const FILE: &str = "webhook-secret";
/// Two random numbers of 32 digits each.
const DIGITS: usize = 64;

pub struct Secret(String);

impl Secret {
    pub fn open(data_dir: &Path) -> std::io::Result<Self> {
        let path = data_dir.join(FILE);
        if let Ok(text) = std::fs::read_to_string(&path)
            && text.trim().len() == DIGITS
        {
            return Ok(Self(text.trim().to_owned()));
        }
        let random = || uuid::Uuid::new_v4().simple().to_string();
        let secret = random() + &random();
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let mut file = options.open(&path)?;
        file.write_all(secret.as_bytes())?;
        file.sync_all()?;
        Ok(Self(secret))
    }

    pub fn text(&self) -> &str {
        &self.0
    }

    /// Hex HMAC-SHA256 of `"{timestamp}.{body}"`.
    pub fn sign(&self, timestamp: i64, body: &[u8]) -> String {
        // Every length is a valid key; the error exists for other kinds of keys.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.0.as_bytes()) else {
            return String::new();
        };
        mac.update(format!("{timestamp}.").as_bytes());
        mac.update(body);
        let bytes = mac.finalize().into_bytes();
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_made_once_and_is_its_owners() {
        let dir = tempfile::tempdir().expect("a folder");
        let first = Secret::open(dir.path()).expect("makes it");
        let second = Secret::open(dir.path()).expect("reads it");
        assert_eq!(first.text(), second.text());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let file = std::fs::metadata(dir.path().join(FILE)).expect("it is there");
            assert_eq!(file.permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn the_signature_is_the_standards() {
        // openssl: printf '1.{}' | openssl dgst -sha256 -hmac key
        let signature = Secret("key".into()).sign(1, b"{}");
        assert_eq!(
            signature,
            "1ba6b8171186efc613e8bcc0cbdab2748f24984d7c5a84faa2637afa0e40d224"
        );
    }
}
