// Generated from packages/studio/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "settings.breach.attach": Readonly<Record<never, never>>;
    "settings.breach.case": Readonly<Record<never, never>>;
    "settings.breach.categories": Readonly<Record<never, never>>;
    "settings.breach.close": Readonly<Record<never, never>>;
    "settings.breach.closed": Readonly<Record<never, never>>;
    "settings.breach.count": Readonly<Record<never, never>>;
    "settings.breach.deadline": { readonly time: MessageParam };
    "settings.breach.download": Readonly<Record<never, never>>;
    "settings.breach.end": { readonly time: MessageParam; readonly by: MessageParam; readonly reason: MessageParam };
    "settings.breach.entries": Readonly<Record<never, never>>;
    "settings.breach.evidence": Readonly<Record<never, never>>;
    "settings.breach.follow": Readonly<Record<never, never>>;
    "settings.breach.from": Readonly<Record<never, never>>;
    "settings.breach.known": Readonly<Record<never, never>>;
    "settings.breach.knownNote": Readonly<Record<never, never>>;
    "settings.breach.left": { readonly hours: MessageParam; readonly minutes: MessageParam };
    "settings.breach.measures": Readonly<Record<never, never>>;
    "settings.breach.none": Readonly<Record<never, never>>;
    "settings.breach.open": Readonly<Record<never, never>>;
    "settings.breach.openNow": Readonly<Record<never, never>>;
    "settings.breach.over": { readonly hours: MessageParam; readonly minutes: MessageParam };
    "settings.breach.people": Readonly<Record<never, never>>;
    "settings.breach.print": Readonly<Record<never, never>>;
    "settings.breach.read": Readonly<Record<never, never>>;
    "settings.breach.reason": Readonly<Record<never, never>>;
    "settings.breach.report": Readonly<Record<never, never>>;
    "settings.breach.reported": Readonly<Record<never, never>>;
    "settings.breach.reportedNow": Readonly<Record<never, never>>;
    "settings.breach.state": Readonly<Record<never, never>>;
    "settings.breach.steps": Readonly<Record<never, never>>;
    "settings.breach.to": Readonly<Record<never, never>>;
    "settings.breach.what": Readonly<Record<never, never>>;
  }
}
