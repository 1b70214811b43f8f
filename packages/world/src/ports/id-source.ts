/** The only source of new identifiers for pure rooms: returns `kind:uuidv7`. */
export interface IdSource {
  next(kind: string): string;
}
