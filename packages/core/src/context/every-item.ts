import type { Page, PageRequest } from "./context.ts";

const PAGE = 100;

/** Every item of a paged list in its order, read page by page as it is asked for. */
export async function* everyItem<T>(
  list: (page: PageRequest) => Promise<Page<T>>,
): AsyncGenerator<T> {
  let position: string | undefined;
  do {
    const page = await list({ limit: PAGE, position });
    yield* page.items;
    position = page.position;
  } while (position !== undefined);
}
