// Generated from packages/studio/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "settings.part.access": Readonly<Record<never, never>>;
    "settings.part.accessAbout": Readonly<Record<never, never>>;
    "settings.part.identities": Readonly<Record<never, never>>;
    "settings.part.identitiesAbout": Readonly<Record<never, never>>;
    "settings.part.machines": Readonly<Record<never, never>>;
    "settings.part.machinesAbout": Readonly<Record<never, never>>;
    "settings.part.people": Readonly<Record<never, never>>;
    "settings.part.peopleAbout": Readonly<Record<never, never>>;
    "settings.part.plant": Readonly<Record<never, never>>;
    "settings.part.plantAbout": Readonly<Record<never, never>>;
    "settings.part.records": Readonly<Record<never, never>>;
    "settings.part.recordsAbout": Readonly<Record<never, never>>;
    "settings.part.server": Readonly<Record<never, never>>;
    "settings.part.serverAbout": Readonly<Record<never, never>>;
    "settings.part.worlds": Readonly<Record<never, never>>;
    "settings.part.worldsAbout": Readonly<Record<never, never>>;
    "settings.part.you": Readonly<Record<never, never>>;
    "settings.part.youAbout": Readonly<Record<never, never>>;
  }
}
