/** What a client keeps of an answer: its JSON, an empty object where it has no body. */
export async function answerOf(response: Response) {
  const text = await response.text();
  const body = text === "" ? {} : JSON.parse(text);
  return { status: response.status, body, etag: response.headers.get("ETag") };
}

/** What a refusal is told by: the status and the code of the problem. */
export const codeOf = ({
  status,
  body,
}: {
  readonly status: number;
  readonly body: { readonly code?: string };
}) => [status, body.code] as const;

export const refusalOf = async (response: Response) => codeOf(await answerOf(response));
