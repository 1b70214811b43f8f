/** A query in AASQL as it is typed: what it is as JSON, or why it is none; neither where there is no text. */
export function parsedQuery(text: string | undefined): { readonly json?: unknown; readonly problem?: string } {
  if (text === undefined) return {};
  try {
    return { json: JSON.parse(text) as unknown };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}
