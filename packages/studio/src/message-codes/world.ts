// Generated from packages/studio/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "settings.world.count": { readonly count: number };
    "settings.world.name": Readonly<Record<never, never>>;
    "settings.world.nameChange": Readonly<Record<never, never>>;
    "settings.world.nameHint": Readonly<Record<never, never>>;
    "settings.world.notChanged": Readonly<Record<never, never>>;
    "settings.world.part.documents": Readonly<Record<never, never>>;
    "settings.world.part.events": Readonly<Record<never, never>>;
    "settings.world.part.features": Readonly<Record<never, never>>;
    "settings.world.part.files": Readonly<Record<never, never>>;
    "settings.world.part.history": Readonly<Record<never, never>>;
    "settings.world.part.jobs": Readonly<Record<never, never>>;
    "settings.world.part.other": Readonly<Record<never, never>>;
    "settings.world.part.signing": Readonly<Record<never, never>>;
    "settings.world.partSize": { readonly files: number; readonly size: MessageParam };
    "settings.world.state": Readonly<Record<never, never>>;
    "settings.world.state.archived": Readonly<Record<never, never>>;
    "settings.world.state.closed": Readonly<Record<never, never>>;
    "settings.world.state.closing": Readonly<Record<never, never>>;
    "settings.world.state.failed": Readonly<Record<never, never>>;
    "settings.world.state.open": Readonly<Record<never, never>>;
    "settings.world.state.opening": Readonly<Record<never, never>>;
    "settings.world.title": Readonly<Record<never, never>>;
    "settings.world.titleHint": Readonly<Record<never, never>>;
  }
}
