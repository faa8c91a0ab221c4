//! Workers as people: invitations, signing in, suspension.

use super::Service;
use crate::domain::id::WorkerId;
use crate::domain::requirement::Locale;
use crate::market::deliver::Address;
use crate::market::error::{Refusal, ServiceError};
use crate::market::rules::event::Transport;
use crate::market::rules::session::{IDLE, LONGEST, NOTED, is_live};
use crate::market::secret::Secret;
use crate::market::storage::{Invitation, SiteRow, View, WorkerAccount, WorkerKey};

/// Who is signed in, and what every page says of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Their account.
    pub account: WorkerAccount,
    /// Messages they have not seen.
    pub unread: u32,
    /// Assignments they hold.
    pub held: u32,
    /// When it was last written down that the session is used, in wall time.
    pub seen_ms: i64,
}

/// An invitation to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInvitation {
    /// The worker whom it is for; a new one when none.
    pub worker: Option<WorkerId>,
    /// The operator's own note.
    pub note: Option<String>,
    /// How long it is good, in milliseconds.
    pub lasts_ms: i64,
}

/// What somebody says who accepts an invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joining {
    /// The hash of the passcode that they chose.
    pub passcode: String,
    /// Where they live, if they say so.
    pub locale: Option<Locale>,
    /// Whether they are of age and see such tasks.
    pub adult: bool,
}

impl Service {
    /// Invites a worker who has no account yet; the invitation's row.
    pub async fn invite(&self, new: NewInvitation, secret: &Secret, now_ms: i64) -> Result<i64, ServiceError> {
        let digest = secret.digest();
        self.storage
            .change(move |change| {
                let worker = match &new.worker {
                    None => None,
                    Some(id) => Some(change.find_or_add_worker(id.as_str())?),
                };
                if let Some(worker) = worker {
                    if change.worker_account(worker)?.is_some_and(|account| account.passcode.is_some()) {
                        let id = change.worker_id(worker)?;
                        let what =
                            format!("Worker {id} has an account already; a lost passcode is another matter: reset it.");
                        return Err(Refusal::Worker(what).into());
                    }
                    change.remove_invitations_for(worker)?;
                }
                let until = now_ms.saturating_add(new.lasts_ms);
                Ok(change.add_invitation(&digest, worker, new.note.as_deref(), now_ms, until)?)
            })
            .await
    }

    /// Lets a worker choose another passcode with a link. The old one and all sessions are over at once.
    pub async fn reset(
        &self,
        worker: &WorkerId,
        lasts_ms: i64,
        secret: &Secret,
        now_ms: i64,
    ) -> Result<i64, ServiceError> {
        let (worker, digest) = (worker.clone(), secret.digest());
        self.storage
            .change(move |change| {
                let key = account_of(change, &worker)?.key;
                change.save_passcode(key, None, now_ms)?;
                change.remove_sessions(key, None)?;
                change.remove_invitations_for(key)?;
                Ok(change.add_invitation(&digest, Some(key), None, now_ms, now_ms.saturating_add(lasts_ms))?)
            })
            .await
    }

    /// The invitation of a link, if it is still good.
    pub async fn invitation(&self, secret: &Secret, now_ms: i64) -> Result<Option<Invitation>, ServiceError> {
        let digest = secret.digest();
        self.read(move |view| Ok(view.invitation(&digest, now_ms)?)).await
    }

    /// All invitations that are still good.
    pub async fn invitations(&self, now_ms: i64) -> Result<Vec<Invitation>, ServiceError> {
        self.read(move |view| Ok(view.invitations(now_ms)?)).await
    }

    /// Takes an invitation back; whether it was there.
    pub async fn uninvite(&self, key: i64) -> Result<bool, ServiceError> {
        self.storage.change(move |change| Ok(change.remove_invitation(key)?)).await
    }

    /// Accepts an invitation: the worker can sign in with the passcode. None when the link is not good any more.
    pub async fn join(
        &self,
        secret: &Secret,
        joining: Joining,
        now_ms: i64,
    ) -> Result<Option<WorkerAccount>, ServiceError> {
        let digest = secret.digest();
        self.storage
            .change(move |change| {
                let Some(invitation) = change.invitation(&digest, now_ms)? else { return Ok(None) };
                let key = match &invitation.worker {
                    Some(id) => change.find_or_add_worker(id)?,
                    None => change.add_worker()?,
                };
                change.open_account(key, now_ms)?;
                change.save_passcode(key, Some(&joining.passcode), now_ms)?;
                change.remove_invitation(invitation.key)?;
                change.remove_sessions(key, None)?;
                let mut profile = change.standings(key)?.profile;
                profile.locale = joining.locale.or(profile.locale);
                profile.adult |= joining.adult;
                change.save_profile(key, &profile)?;
                Ok(change.worker_account(key)?)
            })
            .await
    }

    /// The account of a worker, if there is one.
    pub async fn worker_account(&self, worker: &WorkerId) -> Result<Option<WorkerAccount>, ServiceError> {
        let worker = worker.clone();
        self.read(move |view| find_account(view, &worker)).await
    }

    /// Begins a session for what a browser will hold, and ends the one that it held until now.
    pub async fn begin_session(
        &self,
        worker: WorkerKey,
        secret: &Secret,
        before: Option<&Secret>,
        now_ms: i64,
    ) -> Result<(), ServiceError> {
        let (digest, before) = (secret.digest(), before.map(Secret::digest));
        self.storage
            .change(move |change| {
                if let Some(before) = before {
                    change.remove_session(&before)?;
                }
                change.remove_stale(now_ms - IDLE, now_ms - LONGEST, now_ms)?;
                change.add_session(&digest, worker, now_ms)?;
                Ok(change.touch_session(&digest, worker, now_ms)?)
            })
            .await
    }

    /// Who is signed in with what a browser holds.
    pub async fn signed_in(&self, secret: &Secret, now_ms: i64) -> Result<Option<SignedIn>, ServiceError> {
        let digest = secret.digest();
        let found = self
            .read(move |view| {
                let found = view.session(&digest)?.filter(|row| is_live(row.begun_ms, row.seen_ms, now_ms));
                let Some(row) = found else { return Ok(None) };
                let Some(account) = view.worker_account(row.worker)? else { return Ok(None) };
                let (unread, held) = (view.count_unread(row.worker)?, view.count_held(row.worker)?);
                Ok(Some(SignedIn { account, unread, held, seen_ms: row.seen_ms }))
            })
            .await?;
        if let Some(signed) = &found
            && now_ms - signed.seen_ms >= NOTED
        {
            let key = signed.account.key;
            self.storage.change(move |change| Ok(change.touch_session(&digest, key, now_ms)?)).await?;
        }
        Ok(found)
    }

    /// Ends a session.
    pub async fn end_session(&self, secret: &Secret) -> Result<(), ServiceError> {
        let digest = secret.digest();
        self.storage.change(move |change| Ok(change.remove_session(&digest)?)).await
    }

    /// Ends all sessions of a worker but this one; how many that were.
    pub async fn end_other_sessions(&self, worker: WorkerKey, but: &Secret) -> Result<usize, ServiceError> {
        let but = but.digest();
        self.storage.change(move |change| Ok(change.remove_sessions(worker, Some(&but))?)).await
    }

    /// Gives a worker another passcode, and ends all sessions but this one.
    pub async fn change_passcode(
        &self,
        worker: WorkerKey,
        hash: String,
        but: &Secret,
        now_ms: i64,
    ) -> Result<(), ServiceError> {
        let but = but.digest();
        self.storage
            .change(move |change| {
                change.save_passcode(worker, Some(&hash), now_ms)?;
                change.remove_sessions(worker, Some(&but))?;
                Ok(())
            })
            .await
    }

    /// Suspends a worker, who reads why, or lets them work again. The account.
    pub async fn suspend(
        &self,
        worker: &WorkerId,
        why: Option<String>,
        now_ms: i64,
    ) -> Result<WorkerAccount, ServiceError> {
        let worker = worker.clone();
        self.storage
            .change(move |change| {
                let key = known(change, &worker)?;
                change.open_account(key, now_ms)?;
                change.save_suspension(key, why.as_deref())?;
                account_of(change, &worker)
            })
            .await
    }

    /// Whether the next HIT of a group is accepted after a submission.
    pub async fn set_auto_next(&self, worker: WorkerKey, on: bool) -> Result<(), ServiceError> {
        self.storage.change(move |change| Ok(change.save_auto_next(worker, on)?)).await
    }

    /// The messages up to this place were seen.
    pub async fn mark_read(&self, worker: WorkerKey, place: i64) -> Result<(), ServiceError> {
        self.storage.change(move |change| Ok(change.save_read(worker, place)?)).await
    }

    /// Where a worker's messages are also sent, or why not there.
    pub async fn save_hook(&self, worker: WorkerKey, hook: Option<String>) -> Result<Result<(), String>, ServiceError> {
        if let Some(hook) = &hook
            && (hook.starts_with("arn:") || Address::parse(Transport::Sns, hook).is_err())
        {
            return Ok(Err("A web hook is an http or https address, such as https://example.org/hook.".into()));
        }
        self.storage
            .change(move |change| {
                change.remove_hooks(worker)?;
                Ok(change.save_hook(worker, hook.as_deref())?)
            })
            .await
            .map(Ok)
    }

    /// What the site is called, and where it is.
    pub async fn site(&self) -> Result<Option<SiteRow>, ServiceError> {
        self.read(|view| Ok(view.site()?)).await
    }

    /// Writes that down.
    pub async fn save_site(&self, site: SiteRow) -> Result<(), ServiceError> {
        self.storage.change(move |change| Ok(change.save_site(&site)?)).await
    }
}

/// The row of a worker whom the market knows.
pub(super) fn known(view: &View<'_>, worker: &WorkerId) -> Result<WorkerKey, ServiceError> {
    let unknown = || Refusal::Worker(format!("There is no worker {worker} in this market."));
    Ok(view.worker(worker.as_str())?.ok_or_else(unknown)?)
}

fn find_account(view: &View<'_>, worker: &WorkerId) -> Result<Option<WorkerAccount>, ServiceError> {
    Ok(match view.worker(worker.as_str())? {
        Some(key) => view.worker_account(key)?,
        None => None,
    })
}

/// The account of a worker, who must have one.
pub(in crate::market) fn account_of(view: &View<'_>, worker: &WorkerId) -> Result<WorkerAccount, ServiceError> {
    let none = || Refusal::Worker(format!("Worker {worker} has no account on the worker site: invite them first."));
    Ok(find_account(view, worker)?.ok_or_else(none)?)
}

/// Refuses when the market has suspended a worker who is about to take work.
pub(super) fn check_not_suspended(view: &View<'_>, worker: WorkerKey) -> Result<(), ServiceError> {
    match view.suspension(worker)? {
        Some(why) => Err(Refusal::Worker(format!("The market has suspended this worker: {why}")).into()),
        None => Ok(()),
    }
}
