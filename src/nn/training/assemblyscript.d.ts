// What an import of an AssemblyScript module yields: its WebAssembly as base64 text.
declare module '*?assemblyscript' {
  const base64: string;
  export default base64;
}
