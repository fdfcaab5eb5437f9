/** A mail that has gone out; its id names it for ever. */
export interface SentMail {
  readonly mailId: string;
  readonly sentAt: string;
  /** Epoch seconds; what called for the mail is not delivered again by then. */
  readonly expiresAt: number;
}

export interface SentMailRepository {
  has(mailId: string): Promise<boolean>;
  /** A repeat changes nothing. */
  add(mail: SentMail): Promise<void>;
}

export interface NotificationStore {
  readonly sentMails: SentMailRepository;
}
