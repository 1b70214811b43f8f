/** Semantic ids of the IDTA submodel templates that the product reads or writes (as published in the templates themselves). */
export const semanticIds = {} as const;
