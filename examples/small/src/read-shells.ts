// node examples/small/src/read-shells.ts [URL of a server]: every shell and its submodels over the AAS API, with nothing but fetch.
const server = process.argv[2] ?? "http://127.0.0.1:8420";

interface Page<T> {
  readonly result: readonly T[];
  readonly paging_metadata: { readonly cursor?: string };
}
interface Shell {
  readonly id: string;
  readonly idShort: string;
  readonly submodels?: readonly unknown[];
}

// #region pages
async function* all<T>(path: string): AsyncGenerator<T> {
  let cursor: string | undefined;
  do {
    const answer = await fetch(`${server}/api/v3${path}?limit=20${cursor === undefined ? "" : `&cursor=${encodeURIComponent(cursor)}`}`);
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    const page = (await answer.json()) as Page<T>;
    yield* page.result;
    cursor = page.paging_metadata.cursor;
  } while (cursor !== undefined);
}
// #endregion

for await (const shell of all<Shell>("/shells")) console.log(`${shell.idShort}\t${shell.submodels?.length ?? 0} submodels\t${shell.id}`);

// Makes it a module, so that it may await at the top.
export {};
