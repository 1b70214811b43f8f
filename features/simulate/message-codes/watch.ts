// Generated from features/simulate/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "simulate.watch.about": Readonly<Record<never, never>>;
    "simulate.watch.axis": Readonly<Record<never, never>>;
    "simulate.watch.good": Readonly<Record<never, never>>;
    "simulate.watch.live": Readonly<Record<never, never>>;
    "simulate.watch.loading": Readonly<Record<never, never>>;
    "simulate.watch.madeBy": { readonly moment: MessageParam; readonly count: MessageParam };
    "simulate.watch.more": { readonly count: MessageParam };
    "simulate.watch.moreBy": { readonly moment: MessageParam; readonly count: MessageParam };
    "simulate.watch.moreText": Readonly<Record<never, never>>;
    "simulate.watch.open": Readonly<Record<never, never>>;
    "simulate.watch.other": { readonly hash: MessageParam };
    "simulate.watch.otherHint": Readonly<Record<never, never>>;
    "simulate.watch.pause": Readonly<Record<never, never>>;
    "simulate.watch.play": Readonly<Record<never, never>>;
    "simulate.watch.recorded": Readonly<Record<never, never>>;
    "simulate.watch.replication": Readonly<Record<never, never>>;
    "simulate.watch.replicationOf": { readonly number: MessageParam; readonly live: MessageParam; readonly branch: MessageParam };
    "simulate.watch.same": { readonly hash: MessageParam };
    "simulate.watch.sameHint": Readonly<Record<never, never>>;
    "simulate.watch.simulated": Readonly<Record<never, never>>;
    "simulate.watch.speed": Readonly<Record<never, never>>;
    "simulate.watch.title": { readonly kind: MessageParam; readonly moment: MessageParam };
    "simulate.watch.untilNow": Readonly<Record<never, never>>;
  }
}
