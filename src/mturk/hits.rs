//! The operations that change a HIT that exists.

use super::client::Client;
use super::error::{Error, classify};
use crate::domain::id::{HitId, HitTypeId};
use crate::domain::time::Time;
use aws_sdk_mturk::primitives::DateTime;

impl Client {
    /// `UpdateExpirationForHIT` to the beginning of time: nobody can accept it any more.
    pub async fn expire(&self, id: &HitId) -> Result<(), Error> {
        self.set_expiration(id, Time(0)).await
    }

    /// `UpdateExpirationForHIT`. With a time that is the same as in an earlier request it is refused as repeated.
    pub async fn set_expiration(&self, id: &HitId, at: Time) -> Result<(), Error> {
        let call = self.sdk.update_expiration_for_hit().hit_id(id.as_str()).expire_at(DateTime::from_secs(at.0));
        call.send().await.map_err(classify)?;
        Ok(())
    }

    /// `CreateAdditionalAssignmentsForHIT`: reserves their cost, once for each `token` (remembered for 24 hours).
    pub async fn add_assignments(&self, id: &HitId, count: u32, token: &str) -> Result<(), Error> {
        let count = i32::try_from(count).unwrap_or(i32::MAX);
        let call = self.sdk.create_additional_assignments_for_hit().hit_id(id.as_str());
        let call = call.number_of_additional_assignments(count).unique_request_token(token);
        call.send().await.map_err(classify)?;
        Ok(())
    }

    /// `UpdateHITTypeOfHIT`.
    pub async fn set_hit_type(&self, id: &HitId, to: &HitTypeId) -> Result<(), Error> {
        let call = self.sdk.update_hit_type_of_hit().hit_id(id.as_str()).hit_type_id(to.as_str());
        call.send().await.map_err(classify)?;
        Ok(())
    }

    /// `UpdateHITReviewStatus`: to Reviewing, or back to Reviewable.
    pub async fn set_reviewing(&self, id: &HitId, on: bool) -> Result<(), Error> {
        self.sdk.update_hit_review_status().hit_id(id.as_str()).revert(!on).send().await.map_err(classify)?;
        Ok(())
    }

    /// `DeleteHIT`.
    pub async fn delete_hit(&self, id: &HitId) -> Result<(), Error> {
        self.sdk.delete_hit().hit_id(id.as_str()).send().await.map_err(classify)?;
        Ok(())
    }
}
