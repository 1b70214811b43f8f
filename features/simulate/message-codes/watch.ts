// Generated from features/simulate/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "simulate.watch.about": Readonly<Record<never, never>>;
    "simulate.watch.axis": Readonly<Record<never, never>>;
    "simulate.watch.good": Readonly<Record<never, never>>;
    "simulate.watch.howEnded": Readonly<Record<never, never>>;
    "simulate.watch.howPaused": Readonly<Record<never, never>>;
    "simulate.watch.howPlaying": { readonly speed: MessageParam };
    "simulate.watch.live": Readonly<Record<never, never>>;
    "simulate.watch.loading": Readonly<Record<never, never>>;
    "simulate.watch.madeBy": { readonly moment: MessageParam; readonly count: MessageParam };
    "simulate.watch.more": { readonly count: MessageParam };
    "simulate.watch.moreBy": { readonly moment: MessageParam; readonly count: MessageParam };
    "simulate.watch.moreText": Readonly<Record<never, never>>;
    "simulate.watch.noneGo": Readonly<Record<never, never>>;
    "simulate.watch.noneText": Readonly<Record<never, never>>;
    "simulate.watch.noneTitle": Readonly<Record<never, never>>;
    "simulate.watch.open": Readonly<Record<never, never>>;
    "simulate.watch.other": Readonly<Record<never, never>>;
    "simulate.watch.otherHint": Readonly<Record<never, never>>;
    "simulate.watch.pause": Readonly<Record<never, never>>;
    "simulate.watch.pauseShort": Readonly<Record<never, never>>;
    "simulate.watch.play": Readonly<Record<never, never>>;
    "simulate.watch.playShort": Readonly<Record<never, never>>;
    "simulate.watch.recorded": Readonly<Record<never, never>>;
    "simulate.watch.replication": Readonly<Record<never, never>>;
    "simulate.watch.replicationOf": { readonly number: MessageParam; readonly live: MessageParam; readonly branch: MessageParam };
    "simulate.watch.same": Readonly<Record<never, never>>;
    "simulate.watch.sameHint": Readonly<Record<never, never>>;
    "simulate.watch.simulated": Readonly<Record<never, never>>;
    "simulate.watch.speed": Readonly<Record<never, never>>;
    "simulate.watch.title": { readonly kind: MessageParam; readonly moment: MessageParam };
    "simulate.watch.untilNow": Readonly<Record<never, never>>;
    "simulate.watch.what": { readonly branch: MessageParam; readonly moment: MessageParam };
  }
}
