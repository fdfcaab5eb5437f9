export { composeMail, Mail, type MailTransport, type Sender } from "./notification/compose-mail.ts";
