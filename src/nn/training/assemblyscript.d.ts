// The type of an imported AssemblyScript module: its WebAssembly as base64 text.
declare module '*?assemblyscript' {
  const base64: string;
  export default base64;
}
