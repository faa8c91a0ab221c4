//! Requests signed by hand, so that every part of one can be wrong.

use std::time::{SystemTime, UNIX_EPOCH};

use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use sha2::{Digest, Sha256};

/// Who signs what, and how.
pub struct Sign<'s> {
    pub access_key: &'s str,
    pub secret: &'s str,
    pub operation: &'s str,
    pub host: &'s str,
    pub region: &'s str,
    /// The names of the headers that are signed.
    pub signed: &'s str,
    pub at: SystemTime,
}

impl<'s> Sign<'s> {
    /// As an SDK would.
    pub fn new(access_key: &'s str, secret: &'s str, operation: &'s str) -> Sign<'s> {
        Sign {
            access_key,
            secret,
            operation,
            host: "mturk.example.org",
            region: "us-east-1",
            signed: "content-type;host;x-amz-date;x-amz-target",
            at: SystemTime::now(),
        }
    }

    /// The headers of the request with this body.
    pub fn headers(&self, body: &[u8]) -> String {
        let seconds = self.at.duration_since(UNIX_EPOCH).unwrap().as_secs() as i64;
        let date = jiff::Timestamp::from_second(seconds).unwrap().strftime("%Y%m%dT%H%M%SZ").to_string();
        let day = &date[..8];
        let target = format!("MTurkRequesterServiceV20170117.{}", self.operation);
        let hex = |bytes: &[u8]| Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect::<String>();
        let mut canonical = "POST\n/\n\n".to_owned();
        for name in self.signed.split(';') {
            let value = match name {
                "content-type" => "application/x-amz-json-1.1",
                "host" => self.host,
                "x-amz-date" => &date,
                _ => &target,
            };
            canonical.push_str(&format!("{name}:{value}\n"));
        }
        canonical.push_str(&format!("\n{}\n{}", self.signed, hex(body)));
        let scope = format!("{day}/{}/mturk-requester/aws4_request", self.region);
        let to_sign = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", hex(canonical.as_bytes()));
        let key = generate_signing_key(self.secret, self.at, self.region, "mturk-requester");
        let signature = calculate_signature(key, to_sign.as_bytes());
        format!(
            "Host: {}\r\nContent-Type: application/x-amz-json-1.1\r\nX-Amz-Date: {date}\r\nX-Amz-Target: {target}\r\nAuthorization: AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={}, Signature={signature}\r\n",
            self.host, self.access_key, self.signed
        )
    }
}
