declare module "asl-validator" {
  function validate(definition: object): { isValid: boolean; errors: unknown[] };
  export = validate;
}
