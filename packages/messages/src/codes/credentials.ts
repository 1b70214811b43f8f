// Generated from packages/server/words/en/credentials.json by `npm run messages`: do not edit.
export {};

declare module "../index.ts" {
  interface MessageCatalogue {
    "credentials.cannotBeRevoked": { readonly days: number };
    "credentials.issuerThere": { readonly did: MessageParam };
    "credentials.listElsewhere": { readonly url: MessageParam };
    "credentials.listOfOther": { readonly url: MessageParam };
    "credentials.nameNeeded": Readonly<Record<never, never>>;
    "credentials.newer": { readonly path: MessageParam };
    "credentials.noDid": { readonly did: MessageParam };
    "credentials.noDocument": { readonly url: MessageParam };
    "credentials.noIssuer": { readonly id: MessageParam };
    "credentials.noKey": { readonly name: MessageParam };
    "credentials.noList": Readonly<Record<never, never>>;
    "credentials.noPublicDocument": Readonly<Record<never, never>>;
    "credentials.noRole": Readonly<Record<never, never>>;
    "credentials.none": { readonly id: MessageParam };
    "credentials.notFetched": { readonly url: MessageParam; readonly reason: MessageParam };
    "credentials.notPublished": Readonly<Record<never, never>>;
    "credentials.notRead": { readonly path: MessageParam };
    "credentials.notTrusted": { readonly did: MessageParam };
    "credentials.ofOther": Readonly<Record<never, never>>;
    "credentials.otherKey": Readonly<Record<never, never>>;
    "credentials.revoked": Readonly<Record<never, never>>;
    "credentials.serverRuns": { readonly data: MessageParam };
    "credentials.status": { readonly status: MessageParam };
    "credentials.suspended": Readonly<Record<never, never>>;
    "credentials.tooMany": { readonly max: MessageParam };
    "credentials.typeNotTaken": { readonly name: MessageParam; readonly types: MessageParam };
    "credentials.validity": Readonly<Record<never, never>>;
    "credentials.wasEnded": Readonly<Record<never, never>>;
  }
}
