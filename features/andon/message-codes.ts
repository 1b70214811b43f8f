// Generated from features/andon/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "andon.about": Readonly<Record<never, never>>;
    "andon.call": Readonly<Record<never, never>>;
    "andon.calledBy": { readonly by: MessageParam };
    "andon.close": Readonly<Record<never, never>>;
    "andon.failed": Readonly<Record<never, never>>;
    "andon.fault.steps": Readonly<Record<never, never>>;
    "andon.history": Readonly<Record<never, never>>;
    "andon.isClosed": Readonly<Record<never, never>>;
    "andon.kpi": { readonly kpi: MessageParam; readonly value: MessageParam };
    "andon.lasted": Readonly<Record<never, never>>;
    "andon.log.closed": { readonly station: MessageParam };
    "andon.log.notified": { readonly station: MessageParam };
    "andon.log.raised": { readonly station: MessageParam };
    "andon.log.rule": { readonly name: MessageParam };
    "andon.log.ruleRemoved": { readonly name: MessageParam };
    "andon.log.taken": { readonly station: MessageParam };
    "andon.missing": Readonly<Record<never, never>>;
    "andon.noRule": Readonly<Record<never, never>>;
    "andon.noStation": { readonly station: MessageParam };
    "andon.none.text": Readonly<Record<never, never>>;
    "andon.none.title": Readonly<Record<never, never>>;
    "andon.notified": { readonly step: MessageParam };
    "andon.ownedBy": { readonly by: MessageParam };
    "andon.owner": Readonly<Record<never, never>>;
    "andon.personal": Readonly<Record<never, never>>;
    "andon.raised": Readonly<Record<never, never>>;
    "andon.reason.help": Readonly<Record<never, never>>;
    "andon.reason.kpi": Readonly<Record<never, never>>;
    "andon.reason.maintenance": Readonly<Record<never, never>>;
    "andon.reason.material": Readonly<Record<never, never>>;
    "andon.reason.quality": Readonly<Record<never, never>>;
    "andon.reason.safety": Readonly<Record<never, never>>;
    "andon.station": Readonly<Record<never, never>>;
    "andon.take": Readonly<Record<never, never>>;
    "andon.taken": { readonly by: MessageParam };
    "andon.text": Readonly<Record<never, never>>;
    "andon.title": Readonly<Record<never, never>>;
    "andon.tooMany": { readonly count: MessageParam };
    "andon.waiting": Readonly<Record<never, never>>;
    "andon.what": Readonly<Record<never, never>>;
  }
}
