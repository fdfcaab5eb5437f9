/** A mail that somebody is about to send. */
export interface MailClaim {
  /** Names the mail for ever. */
  readonly mailId: string;
  /** Milliseconds of the wall clock. */
  readonly nowMs: number;
  /** Milliseconds; whoever has claimed it and says nothing for so long is gone. */
  readonly leaseMs: number;
  /** Epoch seconds; what called for the mail is not delivered again by then. */
  readonly expiresAt: number;
}

/** A mail that has gone out. */
export interface SentMail extends Pick<MailClaim, "mailId" | "expiresAt"> {
  readonly sentAt: string;
}

export interface SentMailRepository {
  /**
   * One of those who ask at the same time gets it.
   * @returns claimed: it is the caller's to send; under-way: somebody else's, until their lease ends; sent: it has gone out
   */
  claim(claim: MailClaim): Promise<"claimed" | "under-way" | "sent">;
  /** It has gone out: nobody gets it any more. */
  mark(mail: SentMail): Promise<void>;
}

export interface NotificationStore {
  readonly sentMails: SentMailRepository;
}
