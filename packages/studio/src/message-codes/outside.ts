// Generated from packages/studio/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "settings.outside.adviceChain": Readonly<Record<never, never>>;
    "settings.outside.adviceFew": Readonly<Record<never, never>>;
    "settings.outside.adviceNodes": Readonly<Record<never, never>>;
    "settings.outside.adviceOther": Readonly<Record<never, never>>;
    "settings.outside.adviceReach": Readonly<Record<never, never>>;
    "settings.outside.agreed": { readonly count: number };
    "settings.outside.anchored": { readonly chain: MessageParam };
    "settings.outside.asWitness": Readonly<Record<never, never>>;
    "settings.outside.asWitnessLog": { readonly origin: MessageParam; readonly size: number };
    "settings.outside.ask": Readonly<Record<never, never>>;
    "settings.outside.by": Readonly<Record<never, never>>;
    "settings.outside.chain": Readonly<Record<never, never>>;
    "settings.outside.confirmations": Readonly<Record<never, never>>;
    "settings.outside.contract": Readonly<Record<never, never>>;
    "settings.outside.cosign": Readonly<Record<never, never>>;
    "settings.outside.cosignKey": Readonly<Record<never, never>>;
    "settings.outside.cosigned": { readonly count: MessageParam; readonly of: MessageParam; readonly needed: MessageParam };
    "settings.outside.entries": Readonly<Record<never, never>>;
    "settings.outside.failed": { readonly what: MessageParam; readonly reason: MessageParam };
    "settings.outside.forget": Readonly<Record<never, never>>;
    "settings.outside.forgetText": { readonly origin: MessageParam };
    "settings.outside.forgot": { readonly witness: MessageParam; readonly before: MessageParam; readonly now: MessageParam };
    "settings.outside.guide": Readonly<Record<never, never>>;
    "settings.outside.hosts": { readonly hosts: MessageParam };
    "settings.outside.inBlock": Readonly<Record<never, never>>;
    "settings.outside.key": Readonly<Record<never, never>>;
    "settings.outside.keyStays": Readonly<Record<never, never>>;
    "settings.outside.needed": Readonly<Record<never, never>>;
    "settings.outside.never": Readonly<Record<never, never>>;
    "settings.outside.noHosts": Readonly<Record<never, never>>;
    "settings.outside.nodeUrl": Readonly<Record<never, never>>;
    "settings.outside.nodes": Readonly<Record<never, never>>;
    "settings.outside.nodesHint": Readonly<Record<never, never>>;
    "settings.outside.nodesNeeded": Readonly<Record<never, never>>;
    "settings.outside.none": Readonly<Record<never, never>>;
    "settings.outside.notRead": { readonly host: MessageParam };
    "settings.outside.notReadShort": Readonly<Record<never, never>>;
    "settings.outside.other": Readonly<Record<never, never>>;
    "settings.outside.pending": { readonly confirmations: MessageParam };
    "settings.outside.proven": Readonly<Record<never, never>>;
    "settings.outside.provenHint": Readonly<Record<never, never>>;
    "settings.outside.roots": Readonly<Record<never, never>>;
    "settings.outside.saved": Readonly<Record<never, never>>;
    "settings.outside.setUp": Readonly<Record<never, never>>;
    "settings.outside.setUpTitle": Readonly<Record<never, never>>;
    "settings.outside.stampUrl": Readonly<Record<never, never>>;
    "settings.outside.stamped": Readonly<Record<never, never>>;
    "settings.outside.what": Readonly<Record<never, never>>;
    "settings.outside.when": Readonly<Record<never, never>>;
    "settings.outside.witnessKey": Readonly<Record<never, never>>;
    "settings.outside.witnesses": Readonly<Record<never, never>>;
    "settings.outside.witnessesHint": Readonly<Record<never, never>>;
  }
}
