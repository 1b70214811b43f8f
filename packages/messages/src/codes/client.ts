// Generated from packages/server/words/en/client.json by `npm run messages`: do not edit.
export {};

declare module "../index.ts" {
  interface MessageCatalogue {
    "client.answerNot": { readonly method: MessageParam; readonly path: MessageParam };
    "client.answerNotJson": { readonly call: MessageParam; readonly text: MessageParam };
    "client.answeredStatus": { readonly call: MessageParam; readonly status: MessageParam };
    "client.fetchGivesNoBodyCanRead": Readonly<Record<never, never>>;
    "client.givenUp": { readonly method: MessageParam; readonly path: MessageParam };
    "client.liveSessionNeedsWebSocket": Readonly<Record<never, never>>;
    "client.noDoppelwerk": { readonly baseUrl: MessageParam; readonly method: MessageParam; readonly path: MessageParam };
    "client.noDoppelwerkAnswers": { readonly baseUrl: MessageParam; readonly error: MessageParam };
    "client.serverAnswered": { readonly status: MessageParam };
    "client.sessionClosedBeforeAnswer": Readonly<Record<never, never>>;
    "client.status": { readonly status: MessageParam; readonly path: MessageParam };
    "client.streamEventsBroke": { readonly error: MessageParam };
    "client.streamEventsEnded": { readonly baseUrl: MessageParam };
  }
}
