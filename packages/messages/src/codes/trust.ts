// Generated from packages/server/words/en/trust.json by `npm run messages`: do not edit.
export {};

declare module "../index.ts" {
  interface MessageCatalogue {
    "trust.audience": { readonly audience: MessageParam };
    "trust.claimDiffers": { readonly name: MessageParam };
    "trust.claimNotThere": { readonly name: MessageParam };
    "trust.claimTime": Readonly<Record<never, never>>;
    "trust.contextFirst": { readonly context: MessageParam };
    "trust.contextForm": Readonly<Record<never, never>>;
    "trust.contextRedefines": { readonly term: MessageParam };
    "trust.credentialAt": { readonly where: MessageParam; readonly reason: MessageParam };
    "trust.didMethod": { readonly did: MessageParam };
    "trust.documentMethods": Readonly<Record<never, never>>;
    "trust.documentOfOther": { readonly did: MessageParam };
    "trust.envelope": Readonly<Record<never, never>>;
    "trust.forPeople": { readonly action: MessageParam };
    "trust.holderUrl": Readonly<Record<never, never>>;
    "trust.idUrl": Readonly<Record<never, never>>;
    "trust.issuerDid": Readonly<Record<never, never>>;
    "trust.issuerUrl": Readonly<Record<never, never>>;
    "trust.jwsAlgorithm": Readonly<Record<never, never>>;
    "trust.jwsHeader": { readonly name: MessageParam };
    "trust.jwsOtherAlgorithm": Readonly<Record<never, never>>;
    "trust.jwsParts": Readonly<Record<never, never>>;
    "trust.jwsTooLong": { readonly max: MessageParam };
    "trust.jwsType": { readonly type: MessageParam };
    "trust.keyKind": Readonly<Record<never, never>>;
    "trust.keyName": Readonly<Record<never, never>>;
    "trust.keyOfOther": Readonly<Record<never, never>>;
    "trust.keyUnknown": { readonly did: MessageParam; readonly key: MessageParam };
    "trust.keyUse": { readonly key: MessageParam; readonly use: string };
    "trust.linkedReadOnly": Readonly<Record<never, never>>;
    "trust.listEncoding": Readonly<Record<never, never>>;
    "trust.listKind": Readonly<Record<never, never>>;
    "trust.listPurpose": { readonly purpose: string };
    "trust.listTooLong": { readonly max: MessageParam };
    "trust.listTooShort": { readonly min: MessageParam };
    "trust.noRoleAtPlace": { readonly action: MessageParam; readonly places: MessageParam; readonly roles: MessageParam };
    "trust.noRoleInWorld": { readonly action: MessageParam; readonly roles: MessageParam };
    "trust.noRulePermits": Readonly<Record<never, never>>;
    "trust.nonce": Readonly<Record<never, never>>;
    "trust.notAllowed": { readonly action: MessageParam; readonly on: string; readonly roles: MessageParam };
    "trust.notAllowedWithoutRole": { readonly action: MessageParam; readonly on: string };
    "trust.notYetValid": { readonly time: MessageParam };
    "trust.over": { readonly time: MessageParam };
    "trust.partType": Readonly<Record<never, never>>;
    "trust.presentedCount": { readonly max: MessageParam };
    "trust.presentedForm": Readonly<Record<never, never>>;
    "trust.presentedWhen": Readonly<Record<never, never>>;
    "trust.signatureWrong": Readonly<Record<never, never>>;
    "trust.statusAddress": Readonly<Record<never, never>>;
    "trust.statusIndex": Readonly<Record<never, never>>;
    "trust.statusKind": Readonly<Record<never, never>>;
    "trust.statusPurpose": Readonly<Record<never, never>>;
    "trust.statusRange": { readonly index: MessageParam; readonly entries: MessageParam };
    "trust.statusSize": Readonly<Record<never, never>>;
    "trust.subjectMissing": Readonly<Record<never, never>>;
    "trust.textForm": Readonly<Record<never, never>>;
    "trust.timeForm": Readonly<Record<never, never>>;
    "trust.typeMissing": { readonly type: MessageParam };
    "trust.typeUnknown": { readonly type: MessageParam };
    "trust.untilBeforeFrom": Readonly<Record<never, never>>;
    "trust.webDid": { readonly did: MessageParam };
  }
}
