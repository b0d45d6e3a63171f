/** The files of pyodide/python in one, without comments and spare spaces. Written by `npm run generate`. */
export const GUARD_PYTHON: string = `import functools
import hashlib
import importlib.abc
import importlib.machinery
import importlib.metadata
import io
import json
import os
import shutil
import site
import sys
import types
import zipfile
from pyodide.ffi import to_js
MICROPIP=("0.10.1","0.11.0","0.11.1")
MOCK=("micropip in-memory mock package","micropip mock package")
ZIPS=("zip","whl")
TARS=("tar","gztar","bztar","xztar","zstdtar")
bridge=None
judged={}
digests={}
installed=set()
class ProvenanceError(Exception):
 def __init__(self,text,**facts):
  super().__init__(text)
  self.__dict__.update(facts)
 def _render_traceback_(self):
  return[f"{type(self).__name__}: {self}"]
ProvenanceError.__module__="micropip_guard"
def guard_unpacker(module):
 function=module.unpack_buffer
 if type(function)is not types.FunctionType or function.__closure__ is not None:
  raise TypeError("unpack_buffer is no plain function")
 if function.__code__ is entry.__code__:
  return
 original=types.FunctionType(function.__code__,function.__globals__,function.__name__)
 original.__defaults__=function.__defaults__
 original.__kwdefaults__=function.__kwdefaults__
 module._micropip_guard=functools.partial(unpack,original)
 function.__code__=entry.__code__
def entry(*args,**kwargs):
 return _micropip_guard(*args,**kwargs)
def unpack(original,buffer,*,filename="",format=None,extract_dir=None,**rest):
 data=buffer.to_bytes()
 digest,folders=identify(buffer,data)
 approved=bridge.approved(digest)
 if not approved:
  place=landing(data,filename,format,extract_dir)
  answer="" if place is None else bridge.unpacking(digest,filename,place)
  if answer:
   raise ProvenanceError(**json.loads(answer))
 result=original(
  buffer,filename=filename,format=format,extract_dir=extract_dir,**rest
 )
 if approved:
  target=os.path.realpath(extract_dir or ".")
  found=folders_in(data)if folders is None else folders
  installed.update(os.path.join(target,each)for each in found)
 return result
def identify(buffer,data):
 known=judged.get(len(data),[])
 for at,(digest,seen,folders)in enumerate(known):
  if seen==data:
   del known[at]
   return digest,folders
 return bridge.digestOf(buffer)or sha256_of(data),None
def sha256_of(data):
 kept=digests.get(id(data))
 if kept is None or kept[0]is not data:
  return hashlib.sha256(data).hexdigest()
 return kept[1]
def landing(data,filename,format,extract_dir):
 kind=kind_of(filename,format)
 target=os.path.realpath(extract_dir or ".")
 if kind is None:
  return None
 names=names_in(data,kind)
 if names is None or kind=="whl" or filename.endswith((".whl",".wheel")):
  return target
 places=importable_places()
 for name in names:
  path=os.path.realpath(os.path.join(target,name))
  for place in places:
   if path==place or path.startswith(place.rstrip("/")+"/"):
    return place
 return target if metadata_folders(names)else None
def kind_of(filename,format):
 for kind,endings,_ in shutil.get_unpack_formats():
  if format:
   if format==kind or format in endings or "."+format in endings:
    return kind
  elif filename.endswith(tuple(endings)):
   return kind
 return None
def names_in(data,kind):
 if kind in ZIPS:
  with zipfile.ZipFile(io.BytesIO(data))as archive:
   return archive.namelist()
 if kind in TARS:
  import tarfile
  with tarfile.open(fileobj=io.BytesIO(data))as archive:
   members=archive.getmembers()
  if all(each.isreg()or each.isdir()for each in members):
   return[each.name for each in members]
 return None
def importable_places():
 places=[*sys.path,*site.getsitepackages(),"/lib","/usr/lib"]
 return{os.path.realpath(each or ".")for each in places}
def metadata_folders(names):
 tops=set()
 for name in names:
  parts=[each for each in name.split("/")if each not in("",".")]
  if len(parts)>1 and parts[0].lower().endswith(".dist-info"):
   tops.add(parts[0])
 return sorted(tops)
def folders_in(data):
 try:
  return metadata_folders(names_in(data,"whl"))
 except zipfile.BadZipFile:
  return[]
def folders_in_buffer(buffer):
 return to_js(folders_in(buffer.to_bytes()))
def guard_transaction(module):
 kind=module.Transaction
 gather,add,satisfied=(
  kind.gather_requirements,
  kind.add_wheel,
  kind.check_version_satisfied,
 )
 @functools.wraps(gather)
 async def gather_requirements(self,requirements):
  if "_satisfied" in self.__dict__:
   return await gather(self,requirements)
  self._satisfied={}
  await gather(self,requirements)
  if not self.failed:
   await judge(self)
 @functools.wraps(add)
 async def add_wheel(self,wheel,*args,**kwargs):
  bridge.selected(wheel.name,wheel.filename,wheel.sha256 or "")
  return await add(self,wheel,*args,**kwargs)
 @functools.wraps(satisfied)
 def check_version_satisfied(self,req,*args,**kwargs):
  answer=satisfied(self,req,*args,**kwargs)
  if answer[0]and req.name not in self.locked:
   self._satisfied.update(unverified(req.name))
  return answer
 kind.gather_requirements=gather_requirements
 kind.add_wheel=add_wheel
 kind.check_version_satisfied=check_version_satisfied
async def judge(transaction):
 judged.clear()
 digests.clear()
 wheels=[]
 for each in transaction.wheels:
  data=each._data
  digest=hashlib.sha256(data).hexdigest()
  digests[id(data)]=data,digest
  folders=folders_in(data)
  judged.setdefault(len(data),[]).append((digest,data,folders))
  wheels.append([digest,folders,each.name,str(each.version),each.filename,each.url])
 names=[each.name for each in transaction.pyodide_packages]
 satisfied=list(transaction._satisfied.values())
 answer=await bridge.judge(to_js(wheels),to_js(names),to_js(satisfied))
 if answer:
  judged.clear()
  raise ProvenanceError(**json.loads(answer))
def unverified(name):
 found=importlib.metadata.distribution(name)
 path=getattr(found,"_path",None)
 if path is not None and os.path.realpath(path)in installed:
  return{}
 kind="mock" if is_mock(found)else "installed"
 return{name:[found.name,found.version,kind,str(path)]}
def is_mock(distribution):
 return distribution.read_text("INSTALLER")in MOCK
def guard_package_index(module):
 query=module.query_package
 @functools.wraps(query)
 async def query_package(name,*args,**kwargs):
  urls=kwargs.get("index_urls",args[0]if args else[])
  bridge.queried(name,to_js([urls]if isinstance(urls,str)else urls))
  if "compat_layer" in kwargs:
   kwargs["compat_layer"]=Relay(name,kwargs["compat_layer"])
  return await query(name,*args,**kwargs)
 module.query_package=query_package
class Relay:
 def __init__(self,project,layer):
  self.project=project
  self.layer=layer
 def __getattr__(self,name):
  return getattr(self.layer,name)
 async def fetch_string_and_headers(self,url,kwargs):
  text,headers=await self.layer.fetch_string_and_headers(url,kwargs)
  bridge.fetched(self.project,url,headers.get("content-type",""),text)
  return text,headers
def guard_wheelinfo(module):
 module._generate_package_hash=sha256_of
def guard_micropip(module):
 for name in("transaction","package_index"):
  if f"micropip.{name}" not in sys.modules:
   raise unsupported("micropip","one without its module "+name)
def require_supported():
 try:
  version=importlib.metadata.version("micropip")
 except importlib.metadata.PackageNotFoundError:
  raise unsupported("micropip","one of no known version")from None
 if version not in MICROPIP:
  raise unsupported("micropip",version)
def unsupported(name,found):
 return ProvenanceError(**json.loads(bridge.unsupported(name,found)))
def guard(name,module):
 try:
  GUARDED[name](module)
 except(AttributeError,TypeError)as error:
  raise unsupported(name,f"another one: {error}")from None
GUARDED={
 "pyodide._package_loader":guard_unpacker,
 "micropip":guard_micropip,
 "micropip.transaction":guard_transaction,
 "micropip.package_index":guard_package_index,
 "micropip.wheelinfo":guard_wheelinfo,
}
class Finder(importlib.abc.MetaPathFinder):
 def find_spec(self,name,path=None,target=None):
  if name not in GUARDED:
   return None
  spec=importlib.machinery.PathFinder.find_spec(name,path,target)
  if spec is not None:
   spec.loader=Loader(name,spec.loader)
  return spec
class Loader(importlib.abc.Loader):
 def __init__(self,name,loader):
  self.name=name
  self.loader=loader
 def __getattr__(self,name):
  return getattr(self.loader,name)
 def create_module(self,spec):
  return self.loader.create_module(spec)
 def exec_module(self,module):
  if self.name=="micropip":
   require_supported()
  self.loader.exec_module(module)
  guard(self.name,module)
def present():
 found=[]
 explained=set()
 for each in importlib.metadata.distributions():
  path=getattr(each,"_path",None)
  place="" if path is None else os.path.realpath(path)
  if place not in installed:
   found.append([each.name,each.version,"mock" if is_mock(each)else "installed",place])
  explained.add(os.path.basename(place))
  explained.update(str(file).split("/")[0]for file in each.files or())
 for place in site.getsitepackages():
  names=os.listdir(place)if os.path.isdir(place)else[]
  found+=[[each,"","file",place]for each in sorted(names)if each not in explained]
 return json.dumps(found)
def start(other_half):
 global bridge
 bridge=other_half
 if "micropip" in sys.modules:
  require_supported()
 for name in GUARDED:
  if name in sys.modules:
   guard(name,sys.modules[name])
 sys.meta_path.insert(0,Finder())
 module=types.ModuleType("micropip_guard","What the guard of this interpreter did.")
 module.ProvenanceError=ProvenanceError
 module.report=Report
 sys.modules["micropip_guard"]=module
def libraries():
 places=[*site.getsitepackages(),os.path.dirname(os.__file__),"/lib","/usr/lib"]
 return to_js([os.path.realpath(each)for each in places])
def probe():
 data=io.BytesIO()
 with zipfile.ZipFile(data,"w")as archive:
  archive.writestr(zipfile.ZipInfo("micropip_guard_probe.py"),"")
 return to_js(data.getvalue())
class Report:
 def __init__(self):
  self.__dict__.update(json.loads(bridge.report()))
 def __repr__(self):
  return self.text
 def _repr_html_(self):
  return self.html
`;
