import { createStore, type PresenceQuestion, type Store } from "@doppelwerk/ui";

export interface AskPresence {
  readonly question: Store<PresenceQuestion | undefined>;
  /** A request as it was sent, and again once the person has proved to be there where the server asks for that. */
  sent(send: () => Promise<Response>): Promise<Response>;
}

/** What the server answers to who has to prove first that he is there. Requests that wait for it at the same time share one question. */
export function createAskPresence(): AskPresence {
  const question = createStore<PresenceQuestion | undefined>(undefined);
  let asking: Promise<boolean> | undefined;
  const ask = (): Promise<boolean> =>
    (asking ??= new Promise<boolean>((resolve) => question.set({ answer: resolve })).finally(() => {
      asking = undefined;
      question.set(undefined);
    }));
  return {
    question,
    async sent(send) {
      const response = await send();
      return (await isAsking(response)) && (await ask()) ? send() : response;
    },
  };
}

async function isAsking(response: Response): Promise<boolean> {
  if (response.status !== 403) return false;
  try {
    const { error } = (await response.clone().json()) as { readonly error?: { readonly code?: unknown } };
    return error?.code === "DW_PRESENCE";
  } catch {
    // no answer of the server itself
    return false;
  }
}
