import { AsyncLocalStorage } from "node:async_hooks";

/** Whose request, or whose job, is being carried out: what it stores counts for that person. */
const uploader = new AsyncLocalStorage<string>();

export function onBehalfOf<T>(person: string, work: () => T): T {
  return uploader.run(person, work);
}

/** Undefined for what the server does by itself. */
export function whoStores(): string | undefined {
  const person = uploader.getStore();
  return person === undefined || person.startsWith("system") ? undefined : person;
}
