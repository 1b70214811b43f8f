// Generated from packages/studio/words/en.json by `npm run messages`: do not edit.
export {};

declare module "@doppelwerk/messages" {
  interface MessageCatalogue {
    "settings.credential.about": Readonly<Record<never, never>>;
    "settings.credential.atMost": Readonly<Record<never, never>>;
    "settings.credential.by": { readonly name: MessageParam };
    "settings.credential.check": Readonly<Record<never, never>>;
    "settings.credential.checkIt": Readonly<Record<never, never>>;
    "settings.credential.choose": Readonly<Record<never, never>>;
    "settings.credential.company": Readonly<Record<never, never>>;
    "settings.credential.days": Readonly<Record<never, never>>;
    "settings.credential.distrustText": { readonly name: MessageParam };
    "settings.credential.distrustTitle": Readonly<Record<never, never>>;
    "settings.credential.holds": Readonly<Record<never, never>>;
    "settings.credential.holdsNot": Readonly<Record<never, never>>;
    "settings.credential.host": Readonly<Record<never, never>>;
    "settings.credential.hostHint": Readonly<Record<never, never>>;
    "settings.credential.issue": Readonly<Record<never, never>>;
    "settings.credential.issued": Readonly<Record<never, never>>;
    "settings.credential.issuer": Readonly<Record<never, never>>;
    "settings.credential.issuerDid": Readonly<Record<never, never>>;
    "settings.credential.kind": Readonly<Record<never, never>>;
    "settings.credential.kind.assistant": Readonly<Record<never, never>>;
    "settings.credential.kind.company": Readonly<Record<never, never>>;
    "settings.credential.kind.connector": Readonly<Record<never, never>>;
    "settings.credential.kind.edge": Readonly<Record<never, never>>;
    "settings.credential.kind.machine": Readonly<Record<never, never>>;
    "settings.credential.kind.person": Readonly<Record<never, never>>;
    "settings.credential.kind.service": Readonly<Record<never, never>>;
    "settings.credential.none": Readonly<Record<never, never>>;
    "settings.credential.noneIssued": Readonly<Record<never, never>>;
    "settings.credential.noneTrusted": Readonly<Record<never, never>>;
    "settings.credential.notChanged": Readonly<Record<never, never>>;
    "settings.credential.ownMachine": Readonly<Record<never, never>>;
    "settings.credential.pasted": Readonly<Record<never, never>>;
    "settings.credential.person": Readonly<Record<never, never>>;
    "settings.credential.pinned": Readonly<Record<never, never>>;
    "settings.credential.place": Readonly<Record<never, never>>;
    "settings.credential.publish": Readonly<Record<never, never>>;
    "settings.credential.publishFirst": Readonly<Record<never, never>>;
    "settings.credential.resume": Readonly<Record<never, never>>;
    "settings.credential.revoke": Readonly<Record<never, never>>;
    "settings.credential.revokeText": { readonly name: MessageParam };
    "settings.credential.revokeTitle": Readonly<Record<never, never>>;
    "settings.credential.show": Readonly<Record<never, never>>;
    "settings.credential.state.expired": Readonly<Record<never, never>>;
    "settings.credential.state.notYet": Readonly<Record<never, never>>;
    "settings.credential.state.revoked": Readonly<Record<never, never>>;
    "settings.credential.state.suspended": Readonly<Record<never, never>>;
    "settings.credential.state.valid": Readonly<Record<never, never>>;
    "settings.credential.statusOf": Readonly<Record<never, never>>;
    "settings.credential.subject": Readonly<Record<never, never>>;
    "settings.credential.suspend": Readonly<Record<never, never>>;
    "settings.credential.text": { readonly name: MessageParam };
    "settings.credential.thisServer": Readonly<Record<never, never>>;
    "settings.credential.title": Readonly<Record<never, never>>;
    "settings.credential.trust": Readonly<Record<never, never>>;
    "settings.credential.trusted": Readonly<Record<never, never>>;
    "settings.credential.trustedOff": Readonly<Record<never, never>>;
    "settings.credential.trustedOn": Readonly<Record<never, never>>;
    "settings.credential.types": Readonly<Record<never, never>>;
    "settings.credential.until": { readonly time: MessageParam };
    "settings.credential.validUntil": Readonly<Record<never, never>>;
  }
}
