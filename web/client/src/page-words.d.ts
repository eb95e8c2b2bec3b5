// What `scripts/slimming.ts` makes of `locales/fr.json?help`.

declare module "*.json?help" {
  const catalogue: Readonly<Record<string, string>>;
  export default catalogue;
}

declare module "*.json?helper" {
  const catalogue: Readonly<Record<string, string>>;
  export default catalogue;
}

declare module "*.json?worker" {
  const catalogue: Readonly<Record<string, string>>;
  export default catalogue;
}

declare module "*.json?board" {
  const catalogue: Readonly<Record<string, string>>;
  export default catalogue;
}

declare module "*.json?desk" {
  const catalogue: Readonly<Record<string, string>>;
  export default catalogue;
}

declare module "*.json?chat" {
  const catalogue: Readonly<Record<string, string>>;
  export default catalogue;
}

declare module "*.json?sleep" {
  const catalogue: Readonly<Record<string, string>>;
  export default catalogue;
}

declare module "*.json?team" {
  const catalogue: Readonly<Record<string, string>>;
  export default catalogue;
}

declare module "*.json?rooms" {
  const catalogue: Readonly<Record<string, string>>;
  export default catalogue;
}

declare module "*.json?funds" {
  const catalogue: Readonly<Record<string, string>>;
  export default catalogue;
}

declare module "*.json?shift" {
  const catalogue: Readonly<Record<string, string>>;
  export default catalogue;
}

declare module "*.json?beside" {
  const catalogue: Readonly<Record<string, string>>;
  export default catalogue;
}

declare module "*.json?listen" {
  const catalogue: Readonly<Record<string, string>>;
  export default catalogue;
}

declare module "*.json?apply" {
  const catalogue: Readonly<Record<string, string>>;
  export default catalogue;
}

declare module "*.json?witness" {
  const catalogue: Readonly<Record<string, string>>;
  export default catalogue;
}

declare module "*.json?aboard" {
  const catalogue: Readonly<Record<string, string>>;
  export default catalogue;
}

declare module "*.json?lines" {
  const catalogue: Readonly<Record<string, string>>;
  export default catalogue;
}

declare module "*.json?campaign" {
  const catalogue: Readonly<Record<string, string>>;
  export default catalogue;
}
