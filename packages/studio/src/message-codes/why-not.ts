// Generated from packages/studio/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "settings.whyNot.action": Readonly<Record<never, never>>;
    "settings.whyNot.ask": Readonly<Record<never, never>>;
    "settings.whyNot.atPlace": { readonly role: MessageParam; readonly place: MessageParam };
    "settings.whyNot.byNone": Readonly<Record<never, never>>;
    "settings.whyNot.byRoles": Readonly<Record<never, never>>;
    "settings.whyNot.byRule": { readonly rule: MessageParam; readonly set: MessageParam };
    "settings.whyNot.byRules": Readonly<Record<never, never>>;
    "settings.whyNot.me": Readonly<Record<never, never>>;
    "settings.whyNot.needed": { readonly roles: MessageParam; readonly places: MessageParam };
    "settings.whyNot.neededClass": { readonly class: MessageParam; readonly roles: MessageParam; readonly places: MessageParam };
    "settings.whyNot.notByRoles": Readonly<Record<never, never>>;
    "settings.whyNot.note": Readonly<Record<never, never>>;
    "settings.whyNot.person": Readonly<Record<never, never>>;
    "settings.whyNot.record": Readonly<Record<never, never>>;
    "settings.whyNot.right": Readonly<Record<never, never>>;
    "settings.whyNot.rights.CREATE": Readonly<Record<never, never>>;
    "settings.whyNot.rights.DELETE": Readonly<Record<never, never>>;
    "settings.whyNot.rights.EXECUTE": Readonly<Record<never, never>>;
    "settings.whyNot.rights.READ": Readonly<Record<never, never>>;
    "settings.whyNot.rights.UPDATE": Readonly<Record<never, never>>;
    "settings.whyNot.serverRole": Readonly<Record<never, never>>;
    "settings.whyNot.title": Readonly<Record<never, never>>;
  }
}
