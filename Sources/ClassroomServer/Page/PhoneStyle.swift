/// The phone page's style sheet; the picture's cells stand where their column says, in whatever font there is.
enum PhoneStyle {
  static let text = """
    @property --c{syntax:"<length>";inherits:true;initial-value:0px}
    :root{color-scheme:light dark;--ground:#fff;--ink:#1a1a1a;--soft:#4b5563;--edge:#6b7280;--act:#1d4ed8;--on:#fff;--good:#166534}
    @media (prefers-color-scheme:dark){:root{--ground:#101014;--ink:#e8e8ec;--soft:#b6bac4;--edge:#9ca3af;--act:#8ab4ff;--on:#101014;--good:#86efac}}
    *{box-sizing:border-box}
    html{font-size:100%;-webkit-text-size-adjust:100%}
    body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.5 system-ui,"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif}
    main{max-width:60rem;margin:0 auto;padding:.75rem max(.75rem,env(safe-area-inset-left))}
    header{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 1rem}
    h1{font-size:1.1rem;margin:0}
    h2{font-size:1.2rem;margin:.75rem 0 .25rem}
    p{margin:.25rem 0 .5rem}
    h2,p,label span,td,th{overflow-wrap:anywhere}
    [hidden]{display:none}
    #line,#answered{color:var(--soft)}
    #say{font-size:1.1rem}
    #box{overflow-x:auto;overflow-y:hidden;border:1px solid var(--edge);border-radius:6px;padding:.4rem;touch-action:pan-x pan-y pinch-zoom}
    .grid{position:relative;font-family:"Sarasa Mono SC","Noto Sans Mono CJK SC",ui-monospace,"DejaVu Sans Mono",monospace;--c:1ch}
    .grid div{position:relative;height:1.3em;line-height:1.3em}
    .grid i{position:absolute;top:0;height:100%;font-style:normal;white-space:pre}
    form{margin:0}
    ol{list-style:none;margin:0;padding:0}
    label,ol li{display:flex;align-items:center;gap:.6rem;min-height:44px;padding:.35rem .6rem;margin:.4rem 0;border:1px solid var(--edge);border-radius:6px}
    label b,li b{min-width:1.2em}
    input[type=radio]{width:24px;height:24px;margin:0;flex:none;accent-color:var(--act)}
    label:has(input:checked){border-color:var(--act);box-shadow:0 0 0 2px var(--act)}
    input[type=text]{flex:1;min-width:0;min-height:44px;font:inherit;color:inherit;background:var(--ground);border:1px solid var(--edge);border-radius:6px;padding:0 .6rem}
    button{min-width:44px;min-height:48px;width:100%;font:inherit;font-weight:bold;color:var(--on);background:var(--act);border:1px solid var(--act);border-radius:6px;padding:0 1rem}
    button[aria-disabled=true]{color:var(--ink);background:transparent;border-color:var(--edge)}
    :focus-visible{outline:3px solid var(--act);outline-offset:2px}
    table{border-collapse:collapse;width:100%}
    caption{text-align:left;font-weight:bold;padding:.25rem 0}
    th,td{text-align:left;vertical-align:top;padding:.4rem .5rem;border-bottom:1px solid var(--edge)}
    td{white-space:nowrap;text-align:right}
    thead th+th{text-align:right;white-space:nowrap}
    tbody th{font-weight:normal}
    .right th,.right td{font-weight:bold;color:var(--good)}

    """
}
