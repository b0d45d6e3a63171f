import micropip_guard
import sample.simple
from pyscript import document

document.getElementById("status").textContent = f"Installed: {sample.simple.add_one(5)}"
document.getElementById("report").textContent = micropip_guard.report().text
